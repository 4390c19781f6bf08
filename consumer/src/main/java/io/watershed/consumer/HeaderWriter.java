package io.watershed.consumer;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the header object of {@code docs/envelope.md}. Pure ASCII, so that it disturbs no payload
 * whatever its encoding, and so that characters and bytes count the same.
 */
final class HeaderWriter {
  /** Stands for a digest when only the size matters. */
  static final String NO_DIGEST = "0".repeat(64);

  private static final String HEX = "0123456789abcdef";
  private static final int USUAL_BYTES = 1_024;
  private static final int LONGEST_ESCAPE = 6;

  /** Years of four digits, in seconds of the epoch. */
  private static final long FIRST_SECOND = -62_167_219_200L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private byte[] out = new byte[USUAL_BYTES];
  private int length;

  private HeaderWriter() {}

  /**
   * The header object's bytes.
   *
   * @param sha256 64 hexadecimal digits
   * @param lead what stood before the original's brace, mostly nothing
   * @param of the header object of the envelope that this one encloses, as it was written; empty if
   *     there is none
   * @return empty if it would be longer than {@link EnvelopeFormat#MAX_HEADER_BYTES}
   */
  static Optional<byte[]> write(EnvelopeHeader header, String sha256, String lead, String of) {
    HeaderWriter writer = new HeaderWriter();
    writer.members(header, sha256);
    if (!lead.isEmpty()) {
      writer.name("lead");
      writer.string(lead);
    }
    if (!of.isEmpty()) {
      writer.name("of");
      writer.ascii(of);
    }
    return writer.finish();
  }

  private void members(EnvelopeHeader header, String sha256) {
    ascii(EnvelopeFormat.HEADER_START);
    ascii("00000\"");
    name("replay");
    string(header.replayId());
    position(header.origin());
    name("arrival");
    time(header.arrival());
    name("epoch");
    ascii(Long.toString(header.epoch()));
    name("sha256");
    string(sha256);
    header.fence().ifPresent(this::fence);
    if (!header.annotations().isEmpty()) {
      name("annotations");
      annotations(header.annotations());
    }
  }

  private void fence(Position fence) {
    name("fence");
    ascii("{\"stream\":");
    string(fence.stream());
    shardOnwards(fence);
    put('}');
  }

  private void position(Position position) {
    name("stream");
    string(position.stream());
    shardOnwards(position);
  }

  private void shardOnwards(Position position) {
    name("shard");
    string(position.shard());
    name("sequence");
    string(position.sequence());
    name("sub");
    ascii(Long.toString(position.sub()));
  }

  private void annotations(Map<String, String> annotations) {
    char separator = '{';
    for (Map.Entry<String, String> entry : annotations.entrySet()) {
      put(separator);
      string(entry.getKey());
      put(':');
      string(entry.getValue());
      separator = ',';
    }
    put('}');
  }

  private Optional<byte[]> finish() {
    put('}');
    if (length > EnvelopeFormat.MAX_HEADER_BYTES) {
      return Optional.empty();
    }
    int rest = length;
    for (int i = EnvelopeFormat.LENGTH_DIGITS - 1; i >= 0; i--) {
      out[EnvelopeFormat.HEADER_START.length() + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return Optional.of(Arrays.copyOf(out, length));
  }

  private void name(String name) {
    ascii(",\"");
    ascii(name);
    ascii("\":");
  }

  private void string(String value) {
    room(LONGEST_ESCAPE * value.length() + 2);
    put('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c >= 0x7f) {
        unicodeEscape(c);
      } else {
        if (c == '"' || c == '\\') {
          out[length++] = '\\';
        }
        out[length++] = (byte) c;
      }
    }
    put('"');
  }

  private void unicodeEscape(char c) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put(HEX.charAt((c >> shift) & 0xf));
    }
  }

  /** As {@link Instant#toString} writes it, which takes as long as all the rest. */
  private void time(Instant time) {
    long seconds = time.getEpochSecond();
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || time.getNano() % 1_000 != 0) {
      string(time.toString());
      return;
    }
    LocalDateTime utc = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    put('"');
    digits(utc.getYear(), 4);
    put('-');
    digits(utc.getMonthValue(), 2);
    put('-');
    digits(utc.getDayOfMonth(), 2);
    put('T');
    digits(utc.getHour(), 2);
    put(':');
    digits(utc.getMinute(), 2);
    put(':');
    digits(utc.getSecond(), 2);
    int micros = time.getNano() / 1_000;
    if (micros % 1_000 != 0) {
      put('.');
      digits(micros, 6);
    } else if (micros != 0) {
      put('.');
      digits(micros / 1_000, 3);
    }
    ascii("Z\"");
  }

  private void digits(int number, int count) {
    room(count);
    int rest = number;
    for (int i = count - 1; i >= 0; i--) {
      out[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      out[length++] = (byte) text.charAt(i);
    }
  }

  private void put(char c) {
    room(1);
    out[length++] = (byte) c;
  }

  private void room(int more) {
    if (more > out.length - length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
    }
  }
}
