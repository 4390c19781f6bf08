package io.watershed.consumer;

import java.nio.charset.StandardCharsets;

/** The constants of {@code docs/envelope.md}. */
final class EnvelopeFormat {
  /** The name of the member, with its quotes. */
  static final byte[] MEMBER_NAME = ascii("\"_watershed\"");

  /** What a JSON envelope has before its header object. */
  static final byte[] MEMBER_PREFIX = ascii("{\"_watershed\":");

  /** How the header object begins; five digits of its length in bytes follow. */
  static final String HEADER_START = "{\"v\":1,\"len\":\"";

  static final byte[] HEADER_START_BYTES = ascii(HEADER_START);

  /** Five digits and a quote. */
  static final int LENGTH_DIGITS = 5;

  /** The longest header object, in bytes. */
  static final int MAX_HEADER_BYTES = 65_535;

  /** The longest text before an object's brace that a JSON envelope keeps, in bytes. */
  static final int MAX_LEAD_BYTES = 64;

  /** How many JSON envelopes one header may enclose; one more gets a binary header around it. */
  static final int MAX_ENCLOSED = 8;

  /**
   * What a binary envelope begins with. 0xF7 begins no UTF-8, JSON, gzip, Avro or KPL payload; the
   * last three bytes are the version and two zeros.
   */
  static final byte[] MAGIC = {(byte) 0xf7, 'W', 'S', 'H', 'D', 1, 0, 0};

  /** Magic, header length, payload length. */
  static final int BINARY_PREFIX_BYTES = 16;

  private EnvelopeFormat() {}

  /** Whether {@code bytes} holds {@code part} at {@code offset}. */
  static boolean hasAt(byte[] bytes, int offset, byte[] part) {
    if (offset < 0 || bytes.length - offset < part.length) {
      return false;
    }
    for (int i = 0; i < part.length; i++) {
      if (bytes[offset + i] != part[i]) {
        return false;
      }
    }
    return true;
  }

  /** The length that the header object at {@code offset} states; -1 if there is none. */
  static int statedLength(byte[] bytes, int offset) {
    if (!hasAt(bytes, offset, HEADER_START_BYTES)) {
      return -1;
    }
    int at = offset + HEADER_START_BYTES.length;
    if (bytes.length - at < LENGTH_DIGITS + 1 || bytes[at + LENGTH_DIGITS] != '"') {
      return -1;
    }
    int length = 0;
    for (int i = 0; i < LENGTH_DIGITS; i++) {
      int digit = bytes[at + i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      length = length * 10 + digit;
    }
    return length > MAX_HEADER_BYTES ? -1 : length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
