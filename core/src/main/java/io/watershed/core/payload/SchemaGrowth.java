package io.watershed.core.payload;

import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredType;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds columns to a schema, one observation after the other, within the bounds. */
final class SchemaGrowth {
  private final SchemaSettings settings;
  private final Members top = new Members(true);
  private int columns;

  SchemaGrowth(PayloadSchema schema, SchemaSettings settings) {
    this.settings = settings;
    this.columns = PayloadLayout.of(schema).size();
    top.addAll(schema.columns());
  }

  void add(Observation observation) {
    // A struct comes with its first member: Parquet has no struct without any.
    observation
        .type()
        .filter(type -> type != ColumnType.STRUCT)
        .ifPresent(type -> add(observation.path().keys(), type, settings.maxColumns()));
  }

  /** Declared columns come whether records have them or not, and beyond the bound. */
  void addDeclared() {
    for (DeclaredColumn column : settings.declared().columns()) {
      for (ColumnType type : types(column.type())) {
        add(column.path(), type, Integer.MAX_VALUE);
      }
    }
  }

  private static List<ColumnType> types(DeclaredType type) {
    return switch (type) {
      case LONG -> List.of(ColumnType.LONG);
      case DOUBLE -> List.of(ColumnType.DOUBLE);
      case NUMBER -> List.of(ColumnType.LONG, ColumnType.DOUBLE);
      case TEXT -> List.of(ColumnType.TEXT);
      case BOOLEAN -> List.of(ColumnType.BOOLEAN);
      case JSON -> List.of(ColumnType.JSON);
    };
  }

  PayloadSchema schema() {
    return new PayloadSchema(top.columns());
  }

  private void add(List<String> keys, ColumnType type, int maxColumns) {
    if (keys.isEmpty() || keys.size() > JsonLimits.MAX_COLUMN_DEPTH || !allAcceptable(keys)) {
      return;
    }
    int missing = missing(keys, type);
    if (missing == 0 || columns + missing > maxColumns) {
      return;
    }
    Members members = top;
    for (String key : keys.subList(0, keys.size() - 1)) {
      members = members.findOrAdd(key, ColumnType.STRUCT).members();
    }
    members.findOrAdd(keys.get(keys.size() - 1), type);
    columns += missing;
  }

  /** How many columns the path and type still lack, structs around it included. */
  private int missing(List<String> keys, ColumnType type) {
    Members members = top;
    for (int i = 0; i < keys.size() - 1; i++) {
      Column struct = members.find(keys.get(i), ColumnType.STRUCT);
      if (struct == null) {
        return keys.size() - i;
      }
      members = struct.members();
    }
    return members.find(keys.get(keys.size() - 1), type) == null ? 1 : 0;
  }

  private boolean allAcceptable(List<String> keys) {
    for (String key : keys) {
      if (key.length() > settings.maxKeyLength() || !isText(key)) {
        return false;
      }
    }
    return true;
  }

  /** Whether UTF-8 can hold the key. */
  private static boolean isText(String key) {
    return Utf8.encode(key.toCharArray(), 0, key.length()) != null;
  }

  /** A column that can still get members. */
  private record Column(String key, ColumnType type, String name, int fieldId, Members members) {
    PayloadColumn toPayloadColumn() {
      return new PayloadColumn(key, type, name, fieldId, members.columns());
    }
  }

  /** The columns of one level, and the names that are taken there. */
  private static final class Members {
    private final boolean isTop;
    private final List<Column> inOrder = new ArrayList<>();
    private final Map<String, List<Column>> byKey = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    Members(boolean isTop) {
      this.isTop = isTop;
    }

    void addAll(List<PayloadColumn> columns) {
      for (PayloadColumn column : columns) {
        Members members = new Members(false);
        members.addAll(column.children());
        add(new Column(column.key(), column.type(), column.name(), column.fieldId(), members));
      }
    }

    @Nullable Column find(String key, ColumnType type) {
      for (Column column : byKey.getOrDefault(key, List.of())) {
        if (column.type == type) {
          return column;
        }
      }
      return null;
    }

    Column findOrAdd(String key, ColumnType type) {
      Column there = find(key, type);
      if (there != null) {
        return there;
      }
      String plain = ColumnNames.sanitised(key, isTop);
      String wish = byKey.containsKey(key) ? plain + "__" + type.suffix() : plain;
      Column added = new Column(key, type, free(wish), 0, new Members(false));
      add(added);
      return added;
    }

    private void add(Column column) {
      inOrder.add(column);
      byKey.computeIfAbsent(column.key, ignored -> new ArrayList<>()).add(column);
      taken.add(folded(column.name));
    }

    private String free(String wish) {
      String name = wish;
      for (int i = 2; taken.contains(folded(name)); i++) {
        name = wish + "__" + i;
      }
      return name;
    }

    /** Engines compare names without case, each in its own way: be stricter than any. */
    private static String folded(String name) {
      StringBuilder byChar = new StringBuilder(name.length());
      for (int i = 0; i < name.length(); i++) {
        // As String.equalsIgnoreCase does, to which the Turkish letters are i, too.
        byChar.append(Character.toLowerCase(Character.toUpperCase(name.charAt(i))));
      }
      return byChar.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    List<PayloadColumn> columns() {
      return inOrder.stream().map(Column::toPayloadColumn).toList();
    }
  }
}
