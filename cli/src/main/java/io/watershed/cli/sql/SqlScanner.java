package io.watershed.cli.sql;

/**
 * Finds the semicolons that end statements, one character after the other: not those in strings
 * ({@code '…'}, {@code E'…\'…'}, {@code $tag$…$tag$}), quoted names, and comments ({@code --} to
 * the end of the line, nested {@code /* … *}{@code /}), as DuckDB's parser reads them. A test
 * compares it with that parser. Not thread-safe.
 */
public final class SqlScanner {
  private enum State {
    PLAIN,
    STRING,
    ESCAPE_STRING,
    AFTER_ESCAPE,
    NAME,
    LINE_COMMENT,
    BLOCK_COMMENT,
    DOLLAR_TAG,
    DOLLAR_STRING
  }

  private static final char NONE = '\0';

  private State state = State.PLAIN;
  private char previous = NONE;
  private char beforePrevious = NONE;
  private boolean wordGoesOn;
  private boolean solid;
  private boolean solidBeforePrevious;
  private boolean escapesBefore;
  private boolean forget;
  private int commentDepth;
  private final StringBuilder tag = new StringBuilder();
  private final StringBuilder closing = new StringBuilder();

  /** Takes the next character; says whether it is the semicolon that ends the statement. */
  public boolean accept(char c) {
    boolean ends = false;
    switch (state) {
      case PLAIN -> ends = plain(c);
      case STRING -> leaveAt(c, '\'');
      case ESCAPE_STRING -> escapeString(c);
      case AFTER_ESCAPE -> state = State.ESCAPE_STRING;
      case NAME -> leaveAt(c, '"');
      case LINE_COMMENT -> {
        if (c == '\n' || c == '\r') {
          state = State.PLAIN;
        }
      }
      case BLOCK_COMMENT -> blockComment(c);
      case DOLLAR_TAG -> ends = dollarTag(c);
      case DOLLAR_STRING -> dollarString(c);
    }
    beforePrevious = previous;
    previous = forget ? NONE : c;
    forget = false;
    if (ends) {
      reset();
    }
    return ends;
  }

  /** Whether the statement so far is only white space and comments. */
  public boolean isBlank() {
    return !solid;
  }

  /** Whether the text so far ends outside of strings, quoted names and comments. */
  public boolean isPlain() {
    return state == State.PLAIN;
  }

  private boolean plain(char c) {
    if (c == ';') {
      return true;
    }
    boolean inWord = isWordPart(previous) || (previous == '$' && wordGoesOn);
    boolean reopens = escapesBefore && previous == '\'';
    boolean escapes = (previous == 'e' || previous == 'E') && !isWordPart(beforePrevious);
    escapesBefore = false;
    if (c == '-' && previous == '-') {
      enterComment(State.LINE_COMMENT);
      return false;
    }
    if (c == '*' && previous == '/') {
      commentDepth = 1;
      enterComment(State.BLOCK_COMMENT);
      return false;
    }
    solidBeforePrevious = solid;
    solid |= !Character.isWhitespace(c);
    wordGoesOn = inWord;
    if (c == '\'') {
      state = reopens || (escapes && inWord) ? State.ESCAPE_STRING : State.STRING;
    } else if (c == '"') {
      state = State.NAME;
    } else if (c == '$' && !inWord) {
      tag.setLength(0);
      state = State.DOLLAR_TAG;
    }
    return false;
  }

  private void enterComment(State comment) {
    solid = solidBeforePrevious;
    state = comment;
    forget = true;
  }

  private void leaveAt(char c, char end) {
    if (c == end) {
      state = State.PLAIN;
    }
  }

  private void escapeString(char c) {
    if (c == '\\') {
      state = State.AFTER_ESCAPE;
    } else if (c == '\'') {
      // Another quote right after it goes on with the string.
      escapesBefore = true;
      state = State.PLAIN;
    }
  }

  private void blockComment(char c) {
    // The two characters of a mark are no part of the next one.
    if (c == '*' && previous == '/') {
      commentDepth++;
      forget = true;
    } else if (c == '/' && previous == '*') {
      commentDepth--;
      forget = true;
      state = commentDepth == 0 ? State.PLAIN : state;
    }
  }

  private boolean dollarTag(char c) {
    if (c == '$') {
      closing.setLength(0);
      state = State.DOLLAR_STRING;
      return false;
    }
    boolean digit = c >= '0' && c <= '9';
    if (isWordPart(c) && !(digit && tag.length() == 0)) {
      tag.append(c);
      return false;
    }
    // A parameter such as $1, or a lone dollar sign.
    state = State.PLAIN;
    return plain(c);
  }

  /** Keeps what may be the beginning of the closing tag. */
  private void dollarString(char c) {
    if (c == '$' && closing.toString().equals("$" + tag)) {
      state = State.PLAIN;
    } else if (c == '$') {
      closing.setLength(0);
      closing.append(c);
    } else if (closing.length() > tag.length()) {
      closing.setLength(0);
    } else if (!closing.isEmpty()) {
      closing.append(c);
    }
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c >= 0x80;
  }

  private void reset() {
    state = State.PLAIN;
    previous = NONE;
    beforePrevious = NONE;
    solid = false;
    solidBeforePrevious = false;
    wordGoesOn = false;
    escapesBefore = false;
    forget = false;
  }
}
