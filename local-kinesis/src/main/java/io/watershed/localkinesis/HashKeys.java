package io.watershed.localkinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Maps partition keys to hash keys: the MD5 of the UTF-8 text as an unsigned 128-bit number. */
final class HashKeys {
  private HashKeys() {}

  @SuppressWarnings("InsecureCryptoUsage") // the service's own definition, nothing secret
  static BigInteger ofPartitionKey(String partitionKey) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return new BigInteger(1, md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

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
