package io.watershed.drillclient;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * The text of a statement as far as DuckDB's parser, which the gate checks with, and Drill's read
 * the same words in it. Where they differ, a statement that passes the gate could be another one in
 * Drill: comments (DuckDB nests them) are taken out, and what only one of them takes as a quote is
 * refused. Grammar and functions are each engine's own affair: they cannot hide a table.
 */
final class PortableText {
  private final String sql;
  private final StringBuilder text = new StringBuilder();
  private int at;

  private PortableText(String sql) {
    this.sql = sql;
  }

  /**
   * The statement without comments and without a semicolon at its end.
   *
   * @throws WatershedException {@code sql}
   */
  static String of(String sql) {
    return new PortableText(sql).read();
  }

  private String read() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"') {
        quoted(c);
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        comment(end < 0 ? sql.length() : end);
      } else if (sql.startsWith("/*", at)) {
        block();
      } else {
        plain(c);
      }
    }
    String whole = text.toString().strip();
    while (whole.endsWith(";")) {
      whole = whole.substring(0, whole.length() - 1).strip();
    }
    return whole;
  }

  private void comment(int end) {
    text.append(' ');
    at = end;
  }

  private void block() {
    int end = sql.indexOf("*/", at + 2);
    if (end < 0) {
      throw refused("a comment that does not end", "End it with */.");
    }
    if (sql.substring(at + 2, end).contains("/*")) {
      throw refused("a comment in a comment", "Leave it out.");
    }
    comment(end + 2);
  }

  /** A quote in it is doubled, for both; a backslash is itself, for both. */
  private void quoted(char quote) {
    if (quote == '\'' && at > 0 && Character.isLetterOrDigit(sql.charAt(at - 1))) {
      throw refused(
          "a quote that follows a letter (as in E'…' or X'…')",
          "Write a plain string, and CAST it where a word like DATE stands before it, with a blank"
              + " between them.");
    }
    int end = at + 1;
    while (true) {
      end = sql.indexOf(quote, end);
      if (end < 0) {
        throw refused("a quote that does not end", "End it with " + quote + ".");
      }
      if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
        end += 2;
        continue;
      }
      break;
    }
    text.append(sql, at, end + 1);
    at = end + 1;
  }

  private void plain(char c) {
    boolean space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    boolean visible = c > ' ' && c < 0x7f;
    if (!space && !visible) {
      throw refused(
          "the character U+%04X outside of quotes".formatted((int) c), "Quote the name: \"…\".");
    }
    if (c == '`' || c == '$' || c == '\\' || c == '#' || c == '@' || c == '?' || c == '{') {
      throw refused("the character " + c + " outside of quotes", "Quote names with \"…\".");
    }
    text.append(c);
    at++;
  }

  private WatershedException refused(String what, String hint) {
    return new WatershedException(
        ErrorCode.SQL,
        "Drill and the check of the statement could read "
            + what
            + " differently (character "
            + (at + 1)
            + ")",
        hint);
  }
}
