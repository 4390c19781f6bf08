package io.watershed.query.format;

import io.watershed.query.ResultColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Member names for columns: a name that comes again gets a number, as a JSON object needs it. */
final class ColumnNames {
  private ColumnNames() {}

  static List<String> unique(List<ResultColumn> columns) {
    Set<String> taken = new HashSet<>();
    columns.forEach(column -> taken.add(column.name()));
    Set<String> used = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (ResultColumn column : columns) {
      String name = column.name();
      for (int i = 2; used.contains(name) || (i > 2 && taken.contains(name)); i++) {
        name = column.name() + "_" + i;
      }
      used.add(name);
      names.add(name);
    }
    return names;
  }
}
