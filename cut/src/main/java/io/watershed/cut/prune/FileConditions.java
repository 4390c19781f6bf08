package io.watershed.cut.prune;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Conditions;
import io.watershed.cut.condition.SqlNames;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.reservoir.table.FilePredicate;
import io.watershed.reservoir.table.FilePredicate.AllOf;
import io.watershed.reservoir.table.FilePredicate.AnyOf;
import io.watershed.reservoir.table.FilePredicate.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns conditions on the columns of a view into a predicate on physical columns. A logical column
 * that combines several physical ones is in a range only if one of them is; a file that lacks one
 * of them may hold it in its payloads, and stays (PROTOCOL 4.3, 4.4).
 */
public final class FileConditions {
  /** Beyond this many constants, an IN is not worth its evaluation. */
  private static final int MAX_CONSTANTS = 200;

  private final LogicalSchema logical;
  private final PayloadSchema physical;

  /**
   * @param physical the columns that the view is made of, under their names in the table
   */
  public FileConditions(LogicalSchema logical, PayloadSchema physical) {
    this.logical = logical;
    this.physical = physical;
  }

  /** Holds for every row that the statement can need. */
  public FilePredicate predicate(Conditions conditions) {
    if (conditions.isUnlimited()) {
      return FilePredicate.EVERY;
    }
    List<FilePredicate> references = new ArrayList<>();
    for (List<Condition> all : conditions.references()) {
      references.add(
          new AllOf(all.stream().flatMap(condition -> predicate(condition).stream()).toList()));
    }
    return new AnyOf(references);
  }

  private Optional<FilePredicate> predicate(Condition condition) {
    if (condition.constants().size() > MAX_CONSTANTS) {
      return Optional.empty();
    }
    for (SystemColumn column : SystemColumn.all()) {
      if (condition.isOn(column.columnName())) {
        return ColumnKind.of(column).flatMap(kind -> ranges(column.columnName(), kind, condition));
      }
    }
    return payload(condition);
  }

  private Optional<FilePredicate> payload(Condition condition) {
    List<LogicalColumn> columns = logical.columns();
    List<PayloadColumn> stored = physical.columns();
    String prefix = "";
    for (int i = 0; i < condition.column().size(); i++) {
      boolean last = i == condition.column().size() - 1;
      Optional<LogicalColumn> named = named(columns, condition.column().get(i));
      if (named.isEmpty() || named.get().isStruct() == last) {
        return Optional.empty();
      }
      LogicalColumn column = named.get();
      if (last) {
        return siblings(column, stored, prefix, condition);
      }
      Optional<PayloadColumn> struct =
          stored.stream()
              .filter(c -> c.key().equals(column.key()) && c.type() == ColumnType.STRUCT)
              .findFirst();
      if (struct.isEmpty()) {
        return Optional.empty();
      }
      prefix += struct.get().name() + ".";
      columns = column.members();
      stored = struct.get().children();
    }
    return Optional.empty();
  }

  private static Optional<LogicalColumn> named(List<LogicalColumn> columns, String name) {
    String folded = SqlNames.folded(name);
    return columns.stream().filter(c -> SqlNames.folded(c.name()).equals(folded)).findFirst();
  }

  private static Optional<FilePredicate> siblings(
      LogicalColumn column, List<PayloadColumn> stored, String prefix, Condition condition) {
    boolean alone = column.types().size() == 1;
    if (!alone && column.widestType() != ColumnType.DOUBLE) {
      return Optional.empty();
    }
    List<FilePredicate> any = new ArrayList<>();
    for (PayloadColumn sibling : stored) {
      if (sibling.key().equals(column.key()) && column.types().contains(sibling.type())) {
        Optional<FilePredicate> ranges =
            ColumnKind.of(sibling.type(), alone)
                .flatMap(kind -> ranges(prefix + sibling.name(), kind, condition));
        if (ranges.isEmpty()) {
          return Optional.empty();
        }
        any.add(ranges.get());
      }
    }
    return any.isEmpty() ? Optional.empty() : Optional.of(new AnyOf(any));
  }

  private static Optional<FilePredicate> ranges(
      String column, ColumnKind kind, Condition condition) {
    List<Object> constants = condition.constants();
    return switch (condition.op()) {
      case LESS, LESS_OR_EQUAL ->
          kind.highest(constants.get(0)).map(high -> range(column, null, high));
      case GREATER, GREATER_OR_EQUAL ->
          kind.lowest(constants.get(0)).map(low -> range(column, low, null));
      case BETWEEN -> between(column, kind, constants.get(0), constants.get(1));
      case EQUAL, IN -> {
        List<FilePredicate> any = new ArrayList<>();
        for (Object constant : constants) {
          between(column, kind, constant, constant).ifPresent(any::add);
        }
        yield any.size() == constants.size() ? Optional.of(new AnyOf(any)) : Optional.empty();
      }
    };
  }

  private static Optional<FilePredicate> between(
      String column, ColumnKind kind, Object low, Object high) {
    Optional<Object> lowest = kind.lowest(low);
    Optional<Object> highest = kind.highest(high);
    return lowest.isPresent() && highest.isPresent()
        ? Optional.of(new Range(column, lowest, highest))
        : Optional.empty();
  }

  private static FilePredicate range(
      String column,
      @org.jspecify.annotations.Nullable Object low,
      @org.jspecify.annotations.Nullable Object high) {
    return new Range(column, Optional.ofNullable(low), Optional.ofNullable(high));
  }
}
