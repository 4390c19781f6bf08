package io.watershed.core.payload;

import org.jspecify.annotations.Nullable;

/** What can be said of a payload before any parser sees it. */
final class JsonBytes {
  private static final int ENCODING_BYTES = 4;

  private JsonBytes() {}

  /** The reason why this cannot be UTF-8 JSON, if the bytes alone show one. */
  static @Nullable DecodeError firstProblem(byte[] payload) {
    if (payload.length == 0) {
      return DecodeError.EMPTY;
    }
    if (payload.length > JsonLimits.MAX_PAYLOAD_BYTES) {
      return DecodeError.TOO_LARGE;
    }
    if (startsWithByteOrderMark(payload)) {
      return DecodeError.BYTE_ORDER_MARK;
    }
    if (!Utf8.isValid(payload)) {
      return DecodeError.NOT_UTF8;
    }
    return looksLikeWideText(payload) ? DecodeError.NOT_JSON : null;
  }

  private static boolean startsWithByteOrderMark(byte[] payload) {
    return payload.length >= 3
        && payload[0] == (byte) 0xef
        && payload[1] == (byte) 0xbb
        && payload[2] == (byte) 0xbf;
  }

  /** UTF-16 and UTF-32 have zero bytes early; Jackson would decode them, we take UTF-8 only. */
  private static boolean looksLikeWideText(byte[] payload) {
    for (int i = 0; i < Math.min(ENCODING_BYTES, payload.length); i++) {
      if (payload[i] == 0) {
        return true;
      }
    }
    return false;
  }
}
