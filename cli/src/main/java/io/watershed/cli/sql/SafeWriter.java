package io.watershed.cli.sql;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Shows control characters instead of sending them to a terminal, which they could drive: payloads
 * come from anywhere. They appear as {@code \\u001b}, which in JSON is the same text. Line breaks
 * and tabs pass.
 */
public final class SafeWriter extends FilterWriter {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int DELETE = 0x7f;
  private static final int LAST_CONTROL = 0x9f;

  private boolean returned;

  /** Writes to the terminal behind {@code out}. */
  public SafeWriter(Writer out) {
    super(out);
  }

  /** The text as it may be sent to a terminal, in one line or several. */
  public static String safe(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> shown.append(shown((char) c)));
    return shown.toString();
  }

  @Override
  public void write(int c) throws IOException {
    // A carriage return passes before a line feed only; alone it would write over the line.
    if (returned) {
      returned = false;
      out.write(c == '\n' ? "\r" : shown('\r'));
    }
    if (c == '\r') {
      returned = true;
    } else {
      out.write(shown((char) c));
    }
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; at++) {
      write(buffer[at]);
    }
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    write(text.toCharArray(), offset, length);
  }

  private static String shown(char c) {
    boolean control =
        (c < FIRST_PRINTABLE && c != '\n' && c != '\t') || (c >= DELETE && c <= LAST_CONTROL);
    return control ? "\\u%04x".formatted((int) c) : String.valueOf(c);
  }
}
