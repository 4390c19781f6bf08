package io.watershed.consumer;

import java.nio.charset.StandardCharsets;
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

  private final StringBuilder out = new StringBuilder(512);

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
      writer.out.append(of);
    }
    return writer.finish();
  }

  private void members(EnvelopeHeader header, String sha256) {
    out.append(EnvelopeFormat.HEADER_START).append("00000\"");
    name("replay");
    string(header.replayId());
    position(header.origin());
    name("arrival");
    string(header.arrival().toString());
    name("epoch");
    out.append(header.epoch());
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
    out.append("{\"stream\":");
    string(fence.stream());
    shardOnwards(fence);
    out.append('}');
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
    out.append(position.sub());
  }

  private void annotations(Map<String, String> annotations) {
    char separator = '{';
    for (Map.Entry<String, String> entry : annotations.entrySet()) {
      out.append(separator);
      string(entry.getKey());
      out.append(':');
      string(entry.getValue());
      separator = ',';
    }
    out.append('}');
  }

  private Optional<byte[]> finish() {
    out.append('}');
    int length = out.length();
    if (length > EnvelopeFormat.MAX_HEADER_BYTES) {
      return Optional.empty();
    }
    String digits = "0000" + length;
    int at = EnvelopeFormat.HEADER_START.length();
    out.replace(at, at + 5, digits.substring(digits.length() - 5));
    return Optional.of(out.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void name(String name) {
    out.append(",\"").append(name).append("\":");
  }

  private void string(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= 0x20 && c < 0x7f) {
        out.append(c);
      } else {
        unicodeEscape(c);
      }
    }
    out.append('"');
  }

  private void unicodeEscape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 0xf));
    }
  }
}
