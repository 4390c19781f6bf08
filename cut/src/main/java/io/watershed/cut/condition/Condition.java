package io.watershed.cut.condition;

import java.util.List;

/**
 * A comparison of one column with constants. A row for which it is not true, or NULL, is surely not
 * needed. One on a column that the table does not have is about something else: ignore it.
 *
 * @param column the column's name as the statement writes it, then the names of struct members; SQL
 *     does not tell upper from lower case
 * @param op the comparison
 * @param constants one; two for BETWEEN; at least one for IN. All are of one class: String, {@link
 *     java.math.BigDecimal} for a number, {@link java.time.Instant} for a timestamp (in UTC) or a
 *     date (its midnight). A String may stand for a value of another type: SQL casts it to the
 *     column's
 */
public record Condition(List<String> column, Op op, List<Object> constants) {
  public Condition {
    column = List.copyOf(column);
    constants = List.copyOf(constants);
  }

  /** Comparisons; the column stands on the left. */
  public enum Op {
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    BETWEEN,
    IN
  }

  /** Whether it is about this column, and not about a member of it. */
  public boolean isOn(String name) {
    return column.size() == 1 && SqlNames.folded(column.get(0)).equals(SqlNames.folded(name));
  }
}
