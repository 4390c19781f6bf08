package io.watershed.core.record;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * An order-free digest of a set of records: the sum, modulo 2^128, of the first 16 bytes (big
 * endian) of a SHA-256 over each record (PROTOCOL 3.7). Sums add and subtract, so compaction,
 * retention and erasure can conserve them or say what they took out.
 *
 * <p>What is hashed, all integers big endian: incarnation, shard id and partition key, each as a
 * 4-byte length and UTF-8 bytes; the sequence number as its {@value SequenceNumber#WIDTH} ASCII
 * digits; the sub-sequence number as 8 bytes; the payload as a 4-byte length and its bytes.
 *
 * @param high the upper 64 bits of the sum
 * @param low the lower 64 bits of the sum
 */
public record RecordDigest(long high, long low) {
  /** The digest of no records. */
  public static final RecordDigest ZERO = new RecordDigest(0, 0);

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(RecordDigest::newSha256);

  /** The digest of one record. Thread-safe. */
  public static RecordDigest of(StreamRecord record) {
    return of(record.shard(), record.position(), record.partitionKey(), record.payload());
  }

  /** The digest of one record, given by its parts. Thread-safe. */
  public static RecordDigest of(
      ShardKey shard, ShardPosition position, String partitionKey, byte[] payload) {
    MessageDigest sha = SHA_256.get();
    sha.reset();
    updateText(sha, shard.incarnation());
    updateText(sha, shard.shardId());
    updateText(sha, partitionKey);
    sha.update(position.sequenceNumber().padded().getBytes(StandardCharsets.US_ASCII));
    sha.update(ByteBuffer.allocate(8).putLong(position.subSequenceNumber()).array());
    updateLength(sha, payload.length);
    sha.update(payload);
    ByteBuffer hash = ByteBuffer.wrap(sha.digest());
    return new RecordDigest(hash.getLong(), hash.getLong());
  }

  /** This sum plus the other, modulo 2^128. */
  public RecordDigest plus(RecordDigest other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new RecordDigest(high + other.high + carry, sum);
  }

  /** This sum minus the other, modulo 2^128. */
  public RecordDigest minus(RecordDigest other) {
    long difference = low - other.low;
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new RecordDigest(high - other.high - borrow, difference);
  }

  /** 32 lower-case hexadecimal digits. */
  public String hex() {
    return String.format("%016x%016x", high, low);
  }

  /** Parses {@link #hex()}. */
  public static RecordDigest parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "'" + hex + "' is not a record digest",
          "A digest is 32 lower-case hexadecimal digits.");
    }
    return new RecordDigest(
        Long.parseUnsignedLong(hex.substring(0, 16), 16),
        Long.parseUnsignedLong(hex.substring(16), 16));
  }

  @Override
  public String toString() {
    return hex();
  }

  private static void updateText(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    updateLength(sha, bytes.length);
    sha.update(bytes);
  }

  private static void updateLength(MessageDigest sha, int length) {
    sha.update((byte) (length >>> 24));
    sha.update((byte) (length >>> 16));
    sha.update((byte) (length >>> 8));
    sha.update((byte) length);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
