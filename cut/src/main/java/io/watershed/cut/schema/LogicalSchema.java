package io.watershed.cut.schema;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.Observations.Observation;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadPath;
import io.watershed.core.payload.PayloadSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The payload columns of a view. A receipt keeps them, so that the same statement has the same
 * columns when the table has grown others (PROTOCOL 5.3).
 *
 * @param columns top-level columns, in order
 */
public record LogicalSchema(List<LogicalColumn> columns) {
  /** No payload columns. */
  public static final LogicalSchema EMPTY = new LogicalSchema(List.of());

  private static final SchemaSettings UNBOUNDED =
      new SchemaSettings(Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

  public LogicalSchema {
    columns = List.copyOf(columns);
  }

  /** The logical columns over these physical ones. */
  public static LogicalSchema of(PayloadSchema physical) {
    return new LogicalSchema(combine(physical.columns()));
  }

  private static List<LogicalColumn> combine(List<PayloadColumn> physical) {
    Map<GroupKey, List<PayloadColumn>> groups = new LinkedHashMap<>();
    for (PayloadColumn column : physical) {
      boolean struct = column.type() == ColumnType.STRUCT;
      groups
          .computeIfAbsent(new GroupKey(column.key(), struct), k -> new ArrayList<>())
          .add(column);
    }
    List<LogicalColumn> combined = new ArrayList<>();
    groups.forEach(
        (group, siblings) ->
            combined.add(
                new LogicalColumn(
                    group.key(),
                    siblings.get(0).name(),
                    siblings.stream().map(PayloadColumn::type).toList(),
                    group.struct() ? combine(siblings.get(0).children()) : List.of())));
    return combined;
  }

  private record GroupKey(String key, boolean struct) {}

  /**
   * The physical columns that this view needs: those of {@code available} that it names, under
   * their names there, and what {@code available} lacks under names that it does not use.
   */
  public PayloadSchema physical(PayloadSchema available) {
    List<Observation> wanted = new ArrayList<>();
    collect(columns, PayloadPath.ROOT, wanted);
    PayloadSchema grown = available.grow(new Observations(wanted, false), UNBOUNDED);
    return new PayloadSchema(restrict(grown.columns(), columns));
  }

  private static List<PayloadColumn> restrict(
      List<PayloadColumn> available, List<LogicalColumn> wanted) {
    List<PayloadColumn> kept = new ArrayList<>();
    for (PayloadColumn column : available) {
      for (LogicalColumn logical : wanted) {
        if (logical.key().equals(column.key()) && logical.types().contains(column.type())) {
          kept.add(
              new PayloadColumn(
                  column.key(),
                  column.type(),
                  column.name(),
                  column.fieldId(),
                  restrict(column.children(), logical.members())));
        }
      }
    }
    return kept;
  }

  private static void collect(
      List<LogicalColumn> columns, PayloadPath above, List<Observation> wanted) {
    for (LogicalColumn column : columns) {
      PayloadPath path = above.child(column.key());
      for (ColumnType type : column.types()) {
        wanted.add(new Observation(path, Optional.of(type)));
      }
      collect(column.members(), path, wanted);
    }
  }
}
