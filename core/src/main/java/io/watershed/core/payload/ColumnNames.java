package io.watershed.core.payload;

/** Column names made of JSON keys. */
final class ColumnNames {
  /** For the empty key. */
  private static final String EMPTY = "empty";

  /** Before a leading underscore, which top-level system columns have for themselves. */
  private static final String PREFIX = "x";

  private ColumnNames() {}

  /**
   * The key with everything that is no Unicode letter, digit or underscore replaced by an
   * underscore.
   *
   * @param isTop whether system columns are beside it
   */
  static String sanitised(String key, boolean isTop) {
    if (key.isEmpty()) {
      return EMPTY;
    }
    StringBuilder name = new StringBuilder(key.length());
    key.codePoints()
        .forEach(point -> name.appendCodePoint(Character.isLetterOrDigit(point) ? point : '_'));
    return isTop && name.charAt(0) == '_' ? PREFIX + name : name.toString();
  }
}
