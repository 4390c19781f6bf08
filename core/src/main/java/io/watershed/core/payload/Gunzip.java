package io.watershed.core.payload;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates gzip (RFC 1952), strictly: one member or several, whose checksums and lengths fit, and
 * nothing behind the last. {@code GZIPInputStream} lets what follows the first member go unnoticed.
 * Keeps its buffer between calls; not thread-safe.
 */
final class Gunzip {
  /** What any payload may inflate to, however small it is. */
  static final int MIN_LIMIT_BYTES = 64 << 10;

  /** Beyond {@link #MIN_LIMIT_BYTES}, how much larger the inflated bytes may be. */
  static final int MAX_RATIO = 256;

  private static final int KEPT_BYTES = 1 << 20;
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private byte[] out = {};
  private int size;
  private byte[] in = {};
  private int at;

  /** Whether the bytes begin as gzip with deflate, the only method there is. */
  static boolean hasMark(byte[] bytes) {
    return bytes.length >= 3 && isMember(bytes, 0) && bytes[2] == DEFLATE;
  }

  /**
   * The most bytes that a payload of this length may inflate to: up to 64 KiB, then 256 times its
   * own, never more than {@link JsonLimits#MAX_PAYLOAD_BYTES}. What a column holds is a function of
   * the bytes for ever, so these are constants.
   */
  static int maxInflated(int length) {
    long ratio = Math.max(MIN_LIMIT_BYTES, (long) MAX_RATIO * length);
    return (int) Math.min(JsonLimits.MAX_PAYLOAD_BYTES, ratio);
  }

  /** Inflates all members; the reason why not, or null when {@link #bytes} has the result. */
  @Nullable DecodeError inflate(byte[] payload) {
    in = payload;
    at = 0;
    size = 0;
    if (out.length > KEPT_BYTES) {
      out = new byte[0];
    }
    try {
      do {
        DecodeError problem = member();
        if (problem != null) {
          return problem;
        }
      } while (at < in.length && isMember(in, at));
      return at == in.length ? null : DecodeError.GZIP_TRAILING_BYTES;
    } finally {
      in = new byte[0];
    }
  }

  /** What was inflated. */
  byte[] bytes() {
    return Arrays.copyOf(out, size);
  }

  private @Nullable DecodeError member() {
    if (at + HEADER_BYTES > in.length) {
      return DecodeError.GZIP_CUT_OFF;
    }
    if (!isMember(in, at)) {
      return DecodeError.NOT_GZIP;
    }
    if (in[at + 2] != DEFLATE || (in[at + 3] & RESERVED) != 0) {
      return DecodeError.GZIP_DAMAGED;
    }
    DecodeError problem = skipHeader();
    if (problem != null) {
      return problem;
    }
    int from = size;
    problem = inflateBody();
    if (problem != null) {
      return problem;
    }
    if (at + TRAILER_BYTES > in.length) {
      return DecodeError.GZIP_CUT_OFF;
    }
    crc.reset();
    crc.update(out, from, size - from);
    boolean fits = number(at, 4) == crc.getValue() && number(at + 4, 4) == size - from;
    at += TRAILER_BYTES;
    return fits ? null : DecodeError.GZIP_DAMAGED;
  }

  private @Nullable DecodeError skipHeader() {
    int start = at;
    int flags = in[at + 3];
    int next = at + HEADER_BYTES;
    if ((flags & EXTRA) != 0 && next + 2 <= in.length) {
      next += 2 + (int) number(next, 2);
    }
    if ((flags & NAME) != 0) {
      next = afterZero(next);
    }
    if ((flags & COMMENT) != 0) {
      next = afterZero(next);
    }
    boolean hasCrc = (flags & HEADER_CRC) != 0;
    if (next + (hasCrc ? 2 : 0) >= in.length) {
      return DecodeError.GZIP_CUT_OFF;
    }
    if (hasCrc) {
      crc.reset();
      crc.update(in, start, next - start);
      if ((crc.getValue() & 0xffff) != number(next, 2)) {
        return DecodeError.GZIP_DAMAGED;
      }
      next += 2;
    }
    at = next;
    return null;
  }

  private int afterZero(int from) {
    int next = from;
    while (next < in.length && in[next] != 0) {
      next++;
    }
    return next + 1;
  }

  private @Nullable DecodeError inflateBody() {
    // One byte more than allowed is room to see that there is more.
    int room = maxInflated(in.length) + 1;
    inflater.reset();
    inflater.setInput(in, at, in.length - at);
    try {
      while (!inflater.finished()) {
        if (size == out.length) {
          grow(room);
        }
        int count = inflater.inflate(out, size, Math.min(out.length, room) - size);
        size += count;
        if (size == room) {
          return DecodeError.GZIP_TOO_LARGE;
        }
        if (count == 0 && !inflater.finished()) {
          return inflater.needsInput() ? DecodeError.GZIP_CUT_OFF : DecodeError.GZIP_DAMAGED;
        }
      }
    } catch (DataFormatException e) {
      return DecodeError.GZIP_DAMAGED;
    }
    at = in.length - inflater.getRemaining();
    return null;
  }

  /** By what was inflated so far, not by what a trailer claims. */
  private void grow(int room) {
    long wanted = Math.max(2L * out.length, Math.max(1024, 4L * in.length));
    out = Arrays.copyOf(out, (int) Math.min(room, wanted));
  }

  private static boolean isMember(byte[] bytes, int from) {
    return bytes.length - from >= 2 && bytes[from] == 0x1f && bytes[from + 1] == (byte) 0x8b;
  }

  /** Little endian, unsigned. */
  private long number(int from, int length) {
    long number = 0;
    for (int i = length - 1; i >= 0; i--) {
      number = (number << 8) | (in[from + i] & 0xff);
    }
    return number;
  }
}
