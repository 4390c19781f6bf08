package io.watershed.query.format;

import java.util.Arrays;

/**
 * How wide the columns of a table are, if its lines may have so many characters: columns of text
 * give way, the widest first, down to {@value #MIN_COLUMNS}; numbers never, because half a number
 * is another number. If that is not enough, the last columns are left out.
 */
final class TableWidths {
  static final int SEPARATOR = 2;
  static final int MIN_COLUMNS = 8;

  private TableWidths() {}

  /**
   * The widths of the columns that are shown, at least one.
   *
   * @param natural what each column would like
   * @param isFixed columns that are shown whole or not at all
   * @param lineColumns columns of a line; {@link Integer#MAX_VALUE} if there is no bound
   */
  static int[] fit(int[] natural, boolean[] isFixed, int lineColumns) {
    int shown = shown(natural, isFixed, lineColumns);
    int[] widths = Arrays.copyOf(natural, shown);
    int cap = Integer.MAX_VALUE;
    while (total(widths) > lineColumns && cap > MIN_COLUMNS) {
      cap = widest(widths, isFixed) - 1;
      for (int i = 0; i < shown; i++) {
        widths[i] = isFixed[i] ? widths[i] : Math.min(widths[i], Math.max(cap, MIN_COLUMNS));
      }
    }
    return widths;
  }

  private static int shown(int[] natural, boolean[] isFixed, int lineColumns) {
    long used = 0;
    for (int i = 0; i < natural.length; i++) {
      used += isFixed[i] ? natural[i] : Math.min(natural[i], MIN_COLUMNS);
      used += i == 0 ? 0 : SEPARATOR;
      if (used > lineColumns) {
        return Math.max(1, i);
      }
    }
    return natural.length;
  }

  private static int widest(int[] widths, boolean[] isFixed) {
    int widest = 0;
    for (int i = 0; i < widths.length; i++) {
      widest = isFixed[i] ? widest : Math.max(widest, widths[i]);
    }
    return widest;
  }

  private static long total(int[] widths) {
    return Arrays.stream(widths).asLongStream().sum() + (long) SEPARATOR * (widths.length - 1);
  }
}
