package io.watershed.localkinesis;

import java.math.BigInteger;

/** Reads hash keys. */
final class HashKeys {
  private HashKeys() {}

  static BigInteger parseExplicit(String decimal) {
    if (decimal.matches("0|([1-9]\\d{0,38})")) {
      BigInteger hash = new BigInteger(decimal);
      if (hash.compareTo(LocalStream.MAX_HASH) <= 0) {
        return hash;
      }
    }
    throw ServiceError.invalidArgument(
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified"
            + " value was "
            + decimal);
  }
}
