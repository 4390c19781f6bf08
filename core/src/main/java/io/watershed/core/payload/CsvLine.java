package io.watershed.core.payload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the fields of one CSV line (RFC 4180, 2). Bytes suffice: delimiters, quotes and line ends
 * are ASCII, which no byte of a longer UTF-8 sequence equals.
 */
final class CsvLine {
  private static final byte QUOTE = '"';

  private final byte delimiter;
  private byte[] line = {};
  private int at;
  private boolean more;
  private @Nullable DecodeError error;

  /** The field's bytes: {@code bytes[from..to)}; valid after {@link #next}. */
  byte[] bytes = {};

  int from;
  int to;

  /** Whether the field was quoted: an empty one is a text then, not absent. */
  boolean quoted;

  CsvLine(byte delimiter) {
    this.delimiter = delimiter;
  }

  void begin(byte[] payload) {
    line = payload;
    at = 0;
    more = true;
    error = null;
  }

  /** Why the walk ended early; null if it did not. */
  @Nullable DecodeError error() {
    return error;
  }

  /** Goes to the next field; false at the end, or at an error. */
  boolean next() {
    if (!more) {
      return false;
    }
    quoted = at < line.length && line[at] == QUOTE;
    boolean wellFormed = quoted ? readQuoted() : readPlain();
    if (wellFormed) {
      endField();
    } else {
      fail(DecodeError.NOT_CSV);
    }
    return error == null;
  }

  private boolean readPlain() {
    int start = at;
    while (at < line.length && line[at] != delimiter && line[at] != '\n' && line[at] != '\r') {
      if (line[at] == QUOTE) {
        return false;
      }
      at++;
    }
    bytes = line;
    from = start;
    to = at;
    return true;
  }

  private boolean readQuoted() {
    int start = ++at;
    int doubled = 0;
    while (at < line.length) {
      if (line[at] != QUOTE) {
        at++;
      } else if (at + 1 < line.length && line[at + 1] == QUOTE) {
        doubled++;
        at += 2;
      } else {
        setQuoted(start, at++, doubled);
        return true;
      }
    }
    return false;
  }

  private void setQuoted(int start, int end, int doubled) {
    bytes = line;
    from = start;
    to = end;
    if (doubled > 0) {
      byte[] single = new byte[end - start - doubled];
      for (int i = start, j = 0; i < end; i++, j++) {
        single[j] = line[i];
        i += line[i] == QUOTE ? 1 : 0;
      }
      bytes = single;
      from = 0;
      to = single.length;
    }
  }

  /** After a field: a delimiter, or one line break and nothing more. */
  private void endField() {
    if (at == line.length) {
      more = false;
    } else if (line[at] == delimiter) {
      at++;
    } else {
      more = false;
      int lineBreak = at;
      at += line[at] == '\r' ? 1 : 0;
      if (at == line.length || line[at] != '\n') {
        fail(DecodeError.NOT_CSV);
      } else if (++at < line.length) {
        fail(lineBreak == 0 ? DecodeError.NOT_CSV : DecodeError.SEVERAL_LINES);
      }
    }
  }

  private void fail(DecodeError why) {
    more = false;
    error = why;
  }

  /** A copy of the field. */
  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
