package io.watershed.archive.verify;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardPosition;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A position as {@value #LENGTH} bytes whose unsigned order is the order of positions: two decimal
 * digits to a byte, then the sub-sequence number.
 */
final class PositionBytes {
  static final int LENGTH = SequenceNumber.WIDTH / 2 + Long.BYTES;

  private PositionBytes() {}

  static void write(ShardPosition position, byte[] into, int at) {
    String digits = position.sequenceNumber().padded();
    for (int i = 0; i < SequenceNumber.WIDTH; i += 2) {
      int high = digits.charAt(i) - '0';
      int low = digits.charAt(i + 1) - '0';
      into[at + i / 2] = (byte) (high << 4 | low);
    }
    ByteBuffer.wrap(into).putLong(at + SequenceNumber.WIDTH / 2, position.subSequenceNumber());
  }

  static byte[] of(ShardPosition position) {
    byte[] bytes = new byte[LENGTH];
    write(position, bytes, 0);
    return bytes;
  }

  static ShardPosition read(byte[] bytes) {
    StringBuilder digits = new StringBuilder(SequenceNumber.WIDTH);
    for (int i = 0; i < SequenceNumber.WIDTH / 2; i++) {
      digits.append((char) ('0' + (bytes[i] >> 4 & 0xf))).append((char) ('0' + (bytes[i] & 0xf)));
    }
    return new ShardPosition(
        new SequenceNumber(digits.toString()),
        ByteBuffer.wrap(bytes).getLong(SequenceNumber.WIDTH / 2));
  }

  static int compare(byte[] a, int atA, byte[] b, int atB) {
    return Arrays.compareUnsigned(a, atA, atA + LENGTH, b, atB, atB + LENGTH);
  }

  static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }
}
