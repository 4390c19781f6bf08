package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/** Errors that every store words the same way. */
final class StoreErrors {
  private StoreErrors() {}

  static WatershedException missing(String key, String root) {
    return new WatershedException(
        ErrorCode.STORE,
        "'" + key + "' does not exist in " + root,
        "If it was there before, somebody deleted it; run 'watershed verify'.");
  }

  static WatershedException tooLarge(String key, long bytes, long maxBytes) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "'" + key + "' has " + bytes + " bytes, more than the " + maxBytes + " that are read whole",
        "It is larger than watershed ever writes: see which tool wrote it.");
  }
}
