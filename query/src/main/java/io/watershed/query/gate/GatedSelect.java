package io.watershed.query.gate;

import io.watershed.cut.condition.Conditions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A statement that passed the gate.
 *
 * @param sql the statement as the user wrote it
 * @param tables every table that it names, also by WITH; the caller refuses those that neither it
 *     nor the statement defines
 * @param withNames names that the statement defines by WITH, in lower case
 * @param columns every name that may be a column's, in lower case; empty if it may read all columns
 * @param limits for each of the tables, as it is written, which rows the statement can need
 */
public record GatedSelect(
    String sql,
    Set<TableName> tables,
    Set<String> withNames,
    Optional<Set<String>> columns,
    Map<TableName, Conditions> limits) {
  public GatedSelect {
    tables = Set.copyOf(tables);
    withNames = Set.copyOf(withNames);
    columns = columns.map(Set::copyOf);
    limits = Map.copyOf(limits);
  }

  /** Which rows of a table the statement can need. */
  public Conditions conditions(TableName table) {
    return limits.getOrDefault(table, Conditions.NONE);
  }

  /** Whether the statement defines the table itself. */
  public boolean defines(TableName table) {
    return table.schema().isEmpty() && withNames.contains(table.name().toLowerCase(Locale.ROOT));
  }
}
