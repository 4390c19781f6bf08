package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The Iceberg schema of an archive table: the system columns with their fixed field ids, then the
 * payload columns, whose key and type are in their docs.
 */
final class TableSchema {
  static final String PARTITION_FIELD = SystemColumn.ARRIVAL_TIME.columnName() + "_day";

  private TableSchema() {}

  /** The schema of a new table: system columns only. */
  static Schema initial() {
    return new Schema(
        SystemColumn.all().stream()
            .map(
                column ->
                    NestedField.builder()
                        .withId(column.fieldId())
                        .withName(column.columnName())
                        .ofType(type(column.type()))
                        .isOptional(!column.required())
                        .build())
            .toList());
  }

  static PartitionSpec partitioning(Schema schema) {
    return PartitionSpec.builderFor(schema)
        .day(SystemColumn.ARRIVAL_TIME.columnName(), PARTITION_FIELD)
        .build();
  }

  static SortOrder sorting(Schema schema) {
    return SortOrder.builderFor(schema)
        .asc(SystemColumn.INCARNATION.columnName())
        .asc(SystemColumn.SHARD_ID.columnName())
        .asc(SystemColumn.SEQUENCE_NUMBER.columnName())
        .asc(SystemColumn.SUB_SEQUENCE_NUMBER.columnName())
        .build();
  }

  /**
   * The payload columns that the schema holds.
   *
   * @throws WatershedException {@code integrity} if a system column is not as it must be, or a
   *     payload column does not say what it holds
   */
  static PayloadSchema payload(Schema schema) {
    for (SystemColumn column : SystemColumn.all()) {
      NestedField field = schema.findField(column.fieldId());
      if (field == null
          || !field.name().equals(column.columnName())
          || !field.type().equals(type(column.type()))) {
        throw new WatershedException(
            ErrorCode.INTEGRITY,
            "The table has no proper column " + column.columnName(),
            "Another tool made or changed the table; choose another name for the stream.");
      }
    }
    return new PayloadSchema(
        columns(
            schema.columns().stream()
                .filter(field -> field.fieldId() > SystemColumn.all().size())
                .toList()));
  }

  /** Whether {@code wanted} has columns that {@code present} lacks. */
  static boolean lacks(PayloadSchema present, PayloadSchema wanted) {
    return lacks(present.columns(), wanted.columns());
  }

  private static boolean lacks(List<PayloadColumn> present, List<PayloadColumn> wanted) {
    return !wanted.stream()
        .allMatch(
            column ->
                present.stream()
                    .anyMatch(
                        other ->
                            isSame(other, column) && !lacks(other.children(), column.children())));
  }

  /**
   * Adds the columns that {@code wanted} has and {@code present} lacks.
   *
   * @throws WatershedException {@code invalid-input} for a name that is taken or not usable
   */
  static void add(UpdateSchema update, PayloadSchema present, PayloadSchema wanted) {
    Set<String> taken = new HashSet<>();
    SystemColumn.all().forEach(column -> taken.add(column.columnName()));
    add(update, Optional.empty(), present.columns(), wanted.columns(), taken);
  }

  private static void add(
      UpdateSchema update,
      Optional<String> parent,
      List<PayloadColumn> present,
      List<PayloadColumn> wanted,
      Set<String> taken) {
    present.forEach(column -> taken.add(folded(column.name())));
    for (PayloadColumn column : wanted) {
      Optional<PayloadColumn> same =
          present.stream().filter(other -> isSame(other, column)).findFirst();
      if (same.isPresent()) {
        if (column.type() == ColumnType.STRUCT) {
          String path = parent.map(p -> p + ".").orElse("") + same.get().name();
          add(update, Optional.of(path), same.get().children(), column.children(), new HashSet<>());
        }
        continue;
      }
      checkName(column.name(), taken);
      if (parent.isPresent()) {
        update.addColumn(parent.get(), column.name(), type(column), ColumnDoc.of(column).text());
      } else {
        update.addColumn(column.name(), type(column), ColumnDoc.of(column).text());
      }
    }
  }

  /** A physical column is a path and a type (PROTOCOL 4.1); its name follows from them. */
  private static boolean isSame(PayloadColumn one, PayloadColumn other) {
    return one.key().equals(other.key()) && one.type() == other.type();
  }

  private static void checkName(String name, Set<String> taken) {
    boolean usable = !name.isEmpty() && name.indexOf('.') < 0;
    if (!usable || !taken.add(folded(name))) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + name + "' cannot be the name of a new column",
          usable
              ? "Another column has this name, or one that differs only by case."
              : "A column's name is not empty and has no dot.");
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static List<PayloadColumn> columns(List<NestedField> fields) {
    List<PayloadColumn> columns = new ArrayList<>();
    for (NestedField field : fields) {
      ColumnDoc doc = ColumnDoc.parse(field.name(), String.valueOf(field.doc()));
      List<PayloadColumn> children =
          field.type().isStructType() ? columns(field.type().asStructType().fields()) : List.of();
      columns.add(
          new PayloadColumn(doc.key(), doc.type(), field.name(), field.fieldId(), children));
    }
    return columns;
  }

  private static Type type(PayloadColumn column) {
    return switch (column.type()) {
      case LONG -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case BOOLEAN -> Types.BooleanType.get();
      case TEXT, JSON -> Types.StringType.get();
      case STRUCT -> struct(column);
    };
  }

  /** Iceberg assigns the real ids when the column is added. */
  private static Type struct(PayloadColumn column) {
    Set<String> taken = new HashSet<>();
    List<NestedField> members = new ArrayList<>();
    for (PayloadColumn child : column.children()) {
      checkName(child.name(), taken);
      members.add(
          NestedField.optional(
              members.size() + 1, child.name(), type(child), ColumnDoc.of(child).text()));
    }
    return Types.StructType.of(members);
  }

  private static Type type(SystemColumn.Type type) {
    return switch (type) {
      case TEXT -> Types.StringType.get();
      case LONG -> Types.LongType.get();
      case TIMESTAMPTZ -> Types.TimestampType.withZone();
      case BINARY -> Types.BinaryType.get();
    };
  }
}
