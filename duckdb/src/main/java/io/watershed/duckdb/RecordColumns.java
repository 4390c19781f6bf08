package io.watershed.duckdb;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.record.SystemColumn;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBColumnType;

/**
 * The flat columns of the table function. A table function has no BLOB and no nested results, so a
 * payload is text, or base64 where it is not UTF-8; a struct is a flag beside its members.
 */
final class RecordColumns {
  /** The payload's column for bytes that are not UTF-8; the one for text has the system name. */
  static final String BASE64_PAYLOAD = "_payload_base64";

  private RecordColumns() {}

  /** One column: exactly one of a system column, the base64 payload, a slot. */
  sealed interface Source {}

  /** A system column; of the payload, its text. */
  record OfSystem(SystemColumn column) implements Source {}

  /** The payload in base64, where it is not UTF-8. */
  record OfBinaryPayload() implements Source {}

  /** A payload column. */
  record OfSlot(int slot, ColumnType type) implements Source {}

  /** A column's name and type in the table function. */
  record FlatColumn(String name, DuckDBColumnType type, Source source) {}

  /** The name of a payload column in the table function. */
  static String slotName(int slot) {
    return "c" + slot;
  }

  static List<FlatColumn> of(PayloadLayout layout) {
    List<FlatColumn> columns = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      columns.add(new FlatColumn(column.columnName(), type(column), new OfSystem(column)));
    }
    columns.add(new FlatColumn(BASE64_PAYLOAD, DuckDBColumnType.VARCHAR, new OfBinaryPayload()));
    for (PayloadLayout.Slot slot : layout.slots()) {
      ColumnType type = slot.column().type();
      columns.add(
          new FlatColumn(slotName(slot.index()), type(type), new OfSlot(slot.index(), type)));
    }
    return columns;
  }

  private static DuckDBColumnType type(SystemColumn column) {
    return switch (column.type()) {
      case TEXT, BINARY -> DuckDBColumnType.VARCHAR;
      // Microseconds; SQL makes a timestamp of them without an object for each.
      case LONG, TIMESTAMPTZ -> DuckDBColumnType.BIGINT;
    };
  }

  private static DuckDBColumnType type(ColumnType type) {
    return switch (type) {
      case LONG -> DuckDBColumnType.BIGINT;
      case DOUBLE -> DuckDBColumnType.DOUBLE;
      case BOOLEAN, STRUCT -> DuckDBColumnType.BOOLEAN;
      case TEXT, JSON -> DuckDBColumnType.VARCHAR;
    };
  }
}
