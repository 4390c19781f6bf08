package io.watershed.cli.shell;

import io.watershed.cli.sql.ScriptReader;
import io.watershed.cli.sql.SqlScanner;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Tells the editor when what is typed is complete: a backslash command at the end of its line, a
 * statement at its semicolon. The word at the cursor is a name with its dots, or the beginning of
 * one in double quotes.
 */
final class StatementParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
      throw new EOFError(-1, cursor, "a statement ends with ;");
    }
    int from = Math.min(cursor, line.length());
    int end = from;
    while (from > 0 && isWordPart(line.charAt(from - 1))) {
      from--;
    }
    return new Word(line, end, line.substring(from, end));
  }

  static boolean isComplete(String text) {
    SqlScanner scanner = new SqlScanner();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ScriptReader.COMMAND && scanner.isBlank() && scanner.isPlain()) {
        // The rest of the line is the command's; what follows starts anew.
        int lineEnd = text.indexOf('\n', i);
        return lineEnd < 0 || isComplete(text.substring(lineEnd + 1));
      }
      scanner.accept(c);
    }
    return scanner.isBlank() && (scanner.isPlain() || text.isBlank() || endsInLineComment(text));
  }

  private static boolean endsInLineComment(String text) {
    SqlScanner scanner = new SqlScanner();
    text.chars().forEach(c -> scanner.accept((char) c));
    scanner.accept('\n');
    return scanner.isPlain();
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c)
        || c == '_'
        || c == '.'
        || c == '"'
        || c == '\\'
        || c == '-';
  }

  /** Replaced as it stands, without quoting or escaping. */
  private record Word(String line, int cursor, String word) implements CompletingParsedLine {
    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return word.length();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }
  }
}
