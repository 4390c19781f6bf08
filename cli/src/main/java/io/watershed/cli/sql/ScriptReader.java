package io.watershed.cli.sql;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Takes a script apart: statements that end with a semicolon (the last one may lack it), and
 * backslash commands, each on a line of its own. Reads no further than the item that it returns, so
 * that a writer can wait for an answer. Not thread-safe.
 */
public final class ScriptReader {
  /** A line that begins with this is a command to the shell. */
  public static final char COMMAND = '\\';

  private final BufferedReader reader;
  private final int maxStatementChars;
  private int line = 1;
  private int number;

  /**
   * @param maxStatementChars a longer statement is refused before it fills the memory
   */
  public ScriptReader(Reader reader, int maxStatementChars) {
    this.reader = reader instanceof BufferedReader buffered ? buffered : new BufferedReader(reader);
    this.maxStatementChars = maxStatementChars;
  }

  /**
   * A statement or command.
   *
   * @param text without the semicolon
   * @param number 1 for the first of the script
   * @param line where it begins, 1 for the first
   */
  public record Item(String text, int number, int line) {
    /** Whether it is a backslash command. */
    public boolean isCommand() {
      return text.charAt(0) == COMMAND;
    }
  }

  /**
   * The next item; empty at the end.
   *
   * @throws WatershedException {@code limit} for a statement that is too long
   */
  public Optional<Item> next() throws IOException {
    SqlScanner scanner = new SqlScanner();
    StringBuilder text = new StringBuilder();
    int begins = line;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      boolean blank = scanner.isBlank();
      if (blank && c == COMMAND && scanner.isPlain()) {
        return Optional.of(item(COMMAND + restOfLine(), line++));
      }
      if (text.isEmpty()) {
        begins = line;
      }
      line += c == '\n' ? 1 : 0;
      if (scanner.accept((char) c)) {
        if (!blank) {
          return Optional.of(item(text.toString(), begins));
        }
        text.setLength(0);
      } else if (!text.isEmpty() || !Character.isWhitespace(c)) {
        append(text, (char) c, begins);
      }
    }
    return scanner.isBlank() ? Optional.empty() : Optional.of(item(text.toString(), begins));
  }

  private void append(StringBuilder text, char c, int begins) {
    if (text.length() == maxStatementChars) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "the statement at line " + begins + " has more than " + maxStatementChars + " characters",
          "End statements with ';', or shorten it.");
    }
    text.append(c);
  }

  private Item item(String text, int begins) {
    return new Item(text.strip(), ++number, begins);
  }

  private String restOfLine() throws IOException {
    String rest = reader.readLine();
    return rest == null ? "" : rest;
  }
}
