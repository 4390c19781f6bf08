package io.watershed.secondreader;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.secondreader.CalciteEngine.Column;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.Record;

/**
 * The rows of {@code <stream>_archive}, made of Iceberg's physical rows by the rules of docs/sql.md
 * alone: copies are left out, the siblings of a path are one column at their widest type.
 */
final class LogicalRows {
  private final PayloadSchema physical;
  private final List<LogicalColumn> logical;

  LogicalRows(PayloadSchema physical) {
    this.physical = physical;
    this.logical = LogicalSchema.of(physical).columns();
  }

  /** Of a stream's table as it is now. */
  static LogicalRows of(Pond pond, String stream) {
    return new LogicalRows(pond.reservoir.archive(stream).load().schema());
  }

  List<LogicalColumn> payloadColumns() {
    return logical;
  }

  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      columns.add(
          Column.of(
              column.columnName(),
              switch (column.type()) {
                case TEXT -> SqlTypeName.VARCHAR;
                case LONG -> SqlTypeName.BIGINT;
                case TIMESTAMPTZ -> SqlTypeName.TIMESTAMP;
                case BINARY -> SqlTypeName.VARBINARY;
              }));
    }
    logical.forEach(column -> columns.add(column(column)));
    return columns;
  }

  private static Column column(LogicalColumn column) {
    SqlTypeName type =
        switch (column.widestType()) {
          case LONG -> SqlTypeName.BIGINT;
          case DOUBLE -> SqlTypeName.DOUBLE;
          case BOOLEAN -> SqlTypeName.BOOLEAN;
          case TEXT, JSON -> SqlTypeName.VARCHAR;
          case STRUCT -> SqlTypeName.ROW;
        };
    return new Column(
        column.name(), type, column.members().stream().map(LogicalRows::column).toList());
  }

  List<Object[]> of(List<Record> records) {
    List<Object[]> rows = new ArrayList<>();
    for (Record record : records) {
      if (record.getField(SystemColumn.REPLAY_ID.columnName()) == null) {
        rows.add(row(record));
      }
    }
    return rows;
  }

  private Object[] row(Record record) {
    List<Object> cells = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      cells.add(system(record.getField(column.columnName())));
    }
    for (LogicalColumn column : logical) {
      cells.add(value(record, column, physical.columns()));
    }
    return cells.toArray();
  }

  private static Object system(Object cell) {
    if (cell instanceof OffsetDateTime time) {
      if (time.getNano() % 1_000_000 != 0) {
        throw new IllegalStateException("Calcite has milliseconds only: " + time);
      }
      return time.toInstant().toEpochMilli();
    }
    return cell instanceof ByteBuffer bytes ? new ByteString(bytes(bytes)) : cell;
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static Object value(
      StructLike above, LogicalColumn column, List<PayloadColumn> physical) {
    List<Object> found = new ArrayList<>();
    for (PayloadColumn sibling : physical) {
      boolean struct = sibling.type() == ColumnType.STRUCT;
      if (sibling.key().equals(column.key()) && struct == column.isStruct()) {
        Object cell = ((Record) above).getField(sibling.name());
        if (cell != null) {
          found.add(struct ? struct((Record) cell, column, sibling.children()) : cell);
        }
      }
    }
    if (found.size() > 1) {
      throw new IllegalStateException("two types at once in " + column.name());
    }
    return found.isEmpty() ? null : widened(found.get(0), column.widestType());
  }

  private static Object[] struct(
      Record record, LogicalColumn column, List<PayloadColumn> physical) {
    return column.members().stream().map(member -> value(record, member, physical)).toArray();
  }

  private static Object widened(Object cell, ColumnType widest) {
    return switch (widest) {
      case DOUBLE -> ((Number) cell).doubleValue();
      case TEXT, JSON -> Objects.toString(cell);
      default -> cell;
    };
  }
}
