package io.watershed.core.aggregate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The outside of an aggregated record: four bytes of mark, a protobuf message, its MD5. Numbers of
 * the message's fields are in {@link AggregateReader}.
 */
final class AggregateFormat {
  private static final byte[] MARK = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};

  /** Where the message begins. */
  static final int MESSAGE_OFFSET = MARK.length;

  static final int DIGEST_BYTES = 16;

  static final int KEYS_FIELD = 1;
  static final int HASH_KEYS_FIELD = 2;
  static final int RECORDS_FIELD = 3;
  static final int KEY_INDEX_FIELD = 1;
  static final int HASH_KEY_INDEX_FIELD = 2;
  static final int DATA_FIELD = 3;
  static final int TAGS_FIELD = 4;
  static final int TAG_KEY_FIELD = 1;

  private AggregateFormat() {}

  static byte[] mark() {
    return MARK.clone();
  }

  static boolean hasMark(byte[] record) {
    return record.length >= MARK.length
        && Arrays.equals(record, 0, MARK.length, MARK, 0, MARK.length);
  }

  static byte[] digest(byte[] bytes, int from, int to) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(bytes, from, to - from);
      return md5.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
