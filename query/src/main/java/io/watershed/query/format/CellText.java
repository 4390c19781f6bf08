package io.watershed.query.format;

/**
 * Text on one line of a terminal: without control characters, which could drive it, and measured in
 * the columns that it takes there.
 */
final class CellText {
  private static final String ELLIPSIS = "…";

  private CellText() {}

  /** The text as one line of at most so many columns; what is cut off leaves an ellipsis. */
  static String fit(String text, int columns) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    int upToEllipsis = 0;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      int shown = printable(point);
      int width = width(shown);
      if (used + width > columns) {
        return line.substring(0, upToEllipsis) + ELLIPSIS;
      }
      line.appendCodePoint(shown);
      used += width;
      if (used < columns) {
        upToEllipsis = line.length();
      }
    }
    return line.toString();
  }

  /** The columns that the text takes. */
  static int width(String text) {
    return text.codePoints().map(CellText::width).sum();
  }

  private static int printable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR -> ' ';
      case Character.SURROGATE, Character.PARAGRAPH_SEPARATOR -> ' ';
      default -> point;
    };
  }

  private static int width(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  /** East Asian wide and full-width blocks, and emoji (https://www.unicode.org/reports/tr11/). */
  private static boolean isWide(int point) {
    return point >= 0x1100
        && (point <= 0x115f
            || (point >= 0x2e80 && point <= 0xa4cf && point != 0x303f)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd));
  }
}
