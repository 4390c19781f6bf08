package io.watershed.duckdb;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.record.SystemColumn;
import java.util.ArrayList;
import java.util.List;

/** The SQL that makes the archive's columns of the table function's flat ones. */
final class RecordSelect {
  private final StringBuilder sql = new StringBuilder("SELECT ");
  private final boolean allText;
  private int nextSlot;

  private RecordSelect(boolean allText) {
    this.allText = allText;
  }

  static String sql(RecordSource source, String from) {
    return new RecordSelect(source.isAllText()).select(source.layout().schema().columns(), from);
  }

  private String select(List<PayloadColumn> columns, String from) {
    List<String> items = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      items.add(expression(column) + " AS " + SqlText.name(column.columnName()));
    }
    for (PayloadColumn column : columns) {
      items.add(expression(column) + " AS " + SqlText.name(column.name()));
    }
    return sql.append(String.join(", ", items)).append(" FROM ").append(from).toString();
  }

  private String expression(SystemColumn column) {
    String flat = SqlText.name(column.columnName());
    String text = "encode(" + flat + ")";
    String base64 = SqlText.name(RecordColumns.BASE64_PAYLOAD);
    return switch (column.type()) {
      case TEXT, LONG -> flat;
      case TIMESTAMPTZ -> "make_timestamptz(" + flat + ")";
      case BINARY -> allText ? text : "coalesce(" + text + ", from_base64(" + base64 + "))";
    };
  }

  /** Slots are numbered as columns are met, a struct before its members: as the layout does it. */
  private String expression(PayloadColumn column) {
    String flat = RecordColumns.slotName(nextSlot++);
    if (column.type() != ColumnType.STRUCT) {
      return flat;
    }
    List<String> members = new ArrayList<>();
    for (PayloadColumn member : column.children()) {
      members.add(SqlText.name(member.name()) + " := " + expression(member));
    }
    return "CASE WHEN " + flat + " THEN struct_pack(" + String.join(", ", members) + ") END";
  }
}
