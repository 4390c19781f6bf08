package io.watershed.query;

import io.watershed.cut.StreamNames.Side;
import io.watershed.query.system.SystemTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The tables that a statement may name. */
public final class TableNames {
  private TableNames() {}

  /**
   * Names without quotes, sorted: each stream and its sides, then those of the schema {@code
   * watershed}.
   *
   * @param streams archived or configured
   */
  public static List<String> of(Collection<String> streams) {
    List<String> names = new ArrayList<>();
    for (String stream : new TreeSet<>(streams)) {
      for (Side side : Side.values()) {
        names.add(stream + side.suffix());
      }
    }
    names.addAll(SystemTables.NAMES);
    return names;
  }
}
