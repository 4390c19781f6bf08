package io.watershed.cut.condition;

/** Names in SQL. */
public final class SqlNames {
  private SqlNames() {}

  /** Lower case as DuckDB folds names: the letters A to Z only. */
  public static String folded(String name) {
    StringBuilder folded = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return folded.toString();
  }
}
