package io.watershed.core.stream;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Maps partition keys to hash keys, which choose the shard: the MD5 of the UTF-8 text as an
 * unsigned 128-bit number
 * (https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key).
 */
public final class HashKey {
  /** The largest hash key: 2^128 - 1. */
  public static final BigInteger MAX = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private HashKey() {}

  /** The hash key of a partition key. */
  @SuppressWarnings("InsecureCryptoUsage") // the service's own definition, nothing secret
  public static BigInteger of(String partitionKey) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return new BigInteger(1, md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
