package io.watershed.query;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.gate.TableName;
import io.watershed.query.system.SystemTables;
import java.util.Locale;
import java.util.SortedSet;

/** What is said of a table's name that means nothing. */
final class UnknownTable {
  private static final int NAMES_SHOWN = 20;

  private UnknownTable() {}

  /**
   * The error.
   *
   * @param streams those that there are
   */
  static WatershedException error(SortedSet<String> streams, TableName table) {
    String known =
        streams.isEmpty()
            ? "There are no streams yet: archive one first."
            : "Known streams: "
                + String.join(", ", streams.stream().limit(NAMES_SHOWN).toList())
                + (streams.size() > NAMES_SHOWN ? ", ..." : "")
                + "; also <stream>_archive, <stream>_live, <stream>_copies, "
                + String.join(", ", SystemTables.NAMES)
                + ".";
    String near =
        streams.stream()
            .filter(s -> s.toLowerCase(Locale.ROOT).startsWith(prefix(table.name())))
            .findFirst()
            .map(s -> "Did you mean " + s + "? ")
            .orElse("");
    return new WatershedException(
        ErrorCode.SQL, "there is no stream or table '" + table + "'", near + known);
  }

  private static String prefix(String name) {
    return name.toLowerCase(Locale.ROOT).substring(0, Math.min(3, name.length()));
  }
}
