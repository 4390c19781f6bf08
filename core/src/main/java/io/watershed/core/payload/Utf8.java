package io.watershed.core.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** UTF-8, strictly by RFC 3629: no surrogates, no overlong forms, nothing beyond U+10FFFF. */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Whether the bytes are well-formed UTF-8. */
  public static boolean isValid(byte[] bytes) {
    int length = bytes.length;
    int lastWord = length - Long.BYTES;
    int at = 0;
    while (true) {
      while (at <= lastWord && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES;
      }
      while (at < length && bytes[at] >= 0) {
        at++;
      }
      if (at == length) {
        return true;
      }
      int sequence = sequenceLength(bytes, at);
      if (sequence == 0) {
        return false;
      }
      at += sequence;
    }
  }

  /** The length of the well-formed multi-byte sequence at this place; 0 if there is none. */
  private static int sequenceLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return isBetween(bytes, at + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      int low = lead == 0xe0 ? 0xa0 : 0x80;
      int high = lead == 0xed ? 0x9f : 0xbf;
      return isBetween(bytes, at + 1, low, high) && isBetween(bytes, at + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      int low = lead == 0xf0 ? 0x90 : 0x80;
      int high = lead == 0xf4 ? 0x8f : 0xbf;
      return isBetween(bytes, at + 1, low, high)
              && isBetween(bytes, at + 2, 0x80, 0xbf)
              && isBetween(bytes, at + 3, 0x80, 0xbf)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean isBetween(byte[] bytes, int at, int low, int high) {
    if (at >= bytes.length) {
      return false;
    }
    int value = bytes[at] & 0xff;
    return value >= low && value <= high;
  }

  /** The characters as UTF-8; null if a surrogate stands alone, which UTF-8 cannot hold. */
  static byte @Nullable [] encode(char[] chars, int offset, int length) {
    byte[] ascii = new byte[length];
    int seen = 0;
    for (int i = 0; i < length; i++) {
      char c = chars[offset + i];
      ascii[i] = (byte) c;
      seen |= c;
    }
    return seen < 0x80 ? ascii : encodeWide(chars, offset, offset + length);
  }

  private static byte @Nullable [] encodeWide(char[] chars, int from, int to) {
    int size = encodedSize(chars, from, to);
    if (size < 0) {
      return null;
    }
    byte[] bytes = new byte[size];
    int at = 0;
    for (int i = from; i < to; i++) {
      char c = chars[i];
      if (c < 0x80) {
        bytes[at++] = (byte) c;
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xc0 | (c >> 6));
        bytes[at++] = continuation(c);
      } else if (!Character.isSurrogate(c)) {
        bytes[at++] = (byte) (0xe0 | (c >> 12));
        bytes[at++] = continuation(c >> 6);
        bytes[at++] = continuation(c);
      } else {
        int point = Character.toCodePoint(c, chars[++i]);
        bytes[at++] = (byte) (0xf0 | (point >> 18));
        bytes[at++] = continuation(point >> 12);
        bytes[at++] = continuation(point >> 6);
        bytes[at++] = continuation(point);
      }
    }
    return bytes;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  /** Bytes needed; negative if a surrogate stands alone. */
  private static int encodedSize(char[] chars, int from, int to) {
    int size = 0;
    for (int i = from; i < to; i++) {
      char c = chars[i];
      if (c < 0x80) {
        size++;
      } else if (c < 0x800) {
        size += 2;
      } else if (!Character.isSurrogate(c)) {
        size += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < to
          && Character.isLowSurrogate(chars[i + 1])) {
        size += 4;
        i++;
      } else {
        return -1;
      }
    }
    return size;
  }
}
