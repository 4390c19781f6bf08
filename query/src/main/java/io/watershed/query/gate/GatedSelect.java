package io.watershed.query.gate;

import java.util.Locale;
import java.util.Set;

/**
 * A statement that passed the gate.
 *
 * @param sql the statement as the user wrote it
 * @param tables every table that it names, also by WITH; the caller refuses those that neither it
 *     nor the statement defines
 * @param withNames names that the statement defines by WITH, in lower case
 */
public record GatedSelect(String sql, Set<TableName> tables, Set<String> withNames) {
  public GatedSelect {
    tables = Set.copyOf(tables);
    withNames = Set.copyOf(withNames);
  }

  /** Whether the statement defines the table itself. */
  public boolean defines(TableName table) {
    return table.schema().isEmpty() && withNames.contains(table.name().toLowerCase(Locale.ROOT));
  }
}
