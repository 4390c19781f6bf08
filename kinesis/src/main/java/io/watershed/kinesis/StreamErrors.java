package io.watershed.kinesis;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/** Turns failures of the service into errors that say what to do next. */
final class StreamErrors {
  private StreamErrors() {}

  static WatershedException toError(StreamFailure failure) {
    if (failure.getCause() instanceof WatershedException error) {
      return error;
    }
    return new WatershedException(
        ErrorCode.UNREACHABLE, String.valueOf(failure.getMessage()), "", failure);
  }
}
