package io.watershed.cli;

import io.watershed.core.payload.Utf8;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * A record as one line for a person: time of arrival, shard, the end of its sequence number, key,
 * and the beginning of the payload. What a terminal would obey is escaped.
 */
final class RecordLine {
  private static final int PAYLOAD_CHARS = 200;
  private static final int KEY_CHARS = 40;
  private static final int POSITION_DIGITS = 12;
  private static final String SHARD_PREFIX = "shardId-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private RecordLine() {}

  static String of(StreamRecord record) {
    return TIME.format(record.arrivalTime())
        + "  "
        + shard(record.shard().shardId())
        + "  "
        + position(record)
        + "  "
        + escaped(record.partitionKey(), KEY_CHARS)
        + "  "
        + payload(record.payload());
  }

  /** {@code shardId-000000000003} is {@code 3}. */
  private static String shard(String id) {
    String number = id.startsWith(SHARD_PREFIX) ? id.substring(SHARD_PREFIX.length()) : id;
    return number.replaceFirst("^0+(?=.)", "");
  }

  private static String position(StreamRecord record) {
    String digits = record.position().sequenceNumber().decimal();
    String end =
        digits.length() <= POSITION_DIGITS
            ? digits
            : "…" + digits.substring(digits.length() - POSITION_DIGITS);
    long sub = record.position().subSequenceNumber();
    return sub == 0 ? end : end + "." + sub;
  }

  private static String payload(byte[] payload) {
    if (Utf8.isValid(payload)) {
      int bytes = Math.min(payload.length, PAYLOAD_CHARS * 4 + 4);
      String text = new String(payload, 0, bytes, StandardCharsets.UTF_8);
      return escaped(text, PAYLOAD_CHARS);
    }
    int bytes = Math.min(payload.length, PAYLOAD_CHARS / 4 * 3);
    String base64 = Base64.getEncoder().encodeToString(Arrays.copyOf(payload, bytes));
    return "(" + payload.length + " bytes) " + base64 + (bytes < payload.length ? "…" : "");
  }

  /** At most so many characters; control and format characters as {@code \}{@code u001b}. */
  static String escaped(String text, int maxChars) {
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < text.length() && shown.length() < maxChars) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      switch (c) {
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
        default -> {
          if (isSafe(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append(String.format(Locale.ROOT, "\\u%04x", c));
          }
        }
      }
    }
    return at < text.length() ? shown + "…" : shown.toString();
  }

  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
