package io.watershed.drill.read;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.drill.plan.TableColumns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.drill.exec.vector.accessor.ScalarWriter;
import org.apache.drill.exec.vector.accessor.TupleWriter;

/**
 * Writes physical rows as rows of the logical columns that the statement reads: siblings of a path
 * become one value at their widest type (PROTOCOL 4.4). Not thread-safe.
 */
final class RowWriter {
  private static final long MICROS_PER_MILLI = 1000;

  private final List<CellWriter> cells = new ArrayList<>();
  private final BitSet wanted = new BitSet();
  private final PayloadLayout layout;

  /** Writes one column of a row, or leaves it NULL. */
  private interface CellWriter {
    void write(Row row);
  }

  RowWriter(TupleWriter writer, PayloadLayout layout, List<LogicalColumn> logical) {
    this.layout = layout;
    for (SystemColumn column : SystemColumn.all()) {
      if (writer.isProjected(column.columnName())) {
        add(column, writer.scalar(column.columnName()));
      }
    }
    if (writer.isProjected(TableColumns.ARRIVAL_MICROS)) {
      int index = want(Row.index(SystemColumn.ARRIVAL_TIME));
      ScalarWriter micros = writer.scalar(TableColumns.ARRIVAL_MICROS);
      cells.add(row -> micros.setLong(row.number(index)));
    }
    add(writer, logical, PayloadLayout.NO_PARENT);
  }

  /** Indexes of {@link Row} that are read. */
  BitSet wanted() {
    return (BitSet) wanted.clone();
  }

  void write(Row row) {
    for (CellWriter cell : cells) {
      cell.write(row);
    }
  }

  private int want(int index) {
    wanted.set(index);
    return index;
  }

  private void add(SystemColumn column, ScalarWriter writer) {
    int index = want(Row.index(column));
    switch (column.type()) {
      case TEXT, BINARY -> cells.add(new Bytes(index, writer));
      case LONG -> cells.add(new Longs(index, writer));
      case TIMESTAMPTZ ->
          cells.add(row -> writer.setLong(Math.floorDiv(row.number(index), MICROS_PER_MILLI)));
    }
  }

  private void add(TupleWriter writer, List<LogicalColumn> logical, int parent) {
    for (LogicalColumn column : logical) {
      if (!writer.isProjected(column.name())) {
        continue;
      }
      List<PayloadLayout.Slot> siblings = siblings(column, parent);
      if (column.isStruct()) {
        add(writer.tuple(column.name()), column.members(), siblings.get(0).index());
      } else {
        siblings.forEach(slot -> want(Row.index(slot.index())));
        ScalarWriter scalar = writer.scalar(column.name());
        cells.add(
            siblings.size() == 1
                ? single(siblings.get(0), scalar)
                : combined(siblings, column.widestType(), scalar));
      }
    }
  }

  /** In the order of the table, as COALESCE in the embedded view has them. */
  private List<PayloadLayout.Slot> siblings(LogicalColumn column, int parent) {
    return layout.slots().stream()
        .filter(slot -> slot.parent() == parent && isOf(slot.column(), column))
        .toList();
  }

  private static boolean isOf(PayloadColumn physical, LogicalColumn column) {
    return physical.key().equals(column.key()) && column.types().contains(physical.type());
  }

  private static CellWriter single(PayloadLayout.Slot slot, ScalarWriter writer) {
    int index = Row.index(slot.index());
    return switch (slot.column().type()) {
      case LONG -> new Longs(index, writer);
      case DOUBLE ->
          row -> {
            if (row.isPresent(index)) {
              writer.setDouble(row.real(index));
            }
          };
      case BOOLEAN ->
          row -> {
            if (row.isPresent(index)) {
              writer.setBoolean(row.number(index) != 0);
            }
          };
      case TEXT, JSON -> new Bytes(index, writer);
      case STRUCT -> throw new IllegalArgumentException("a struct is no scalar");
    };
  }

  private static CellWriter combined(
      List<PayloadLayout.Slot> siblings, ColumnType widest, ScalarWriter writer) {
    return row -> {
      for (PayloadLayout.Slot slot : siblings) {
        int index = Row.index(slot.index());
        if (row.isPresent(index)) {
          if (widest == ColumnType.DOUBLE) {
            boolean isLong = slot.column().type() == ColumnType.LONG;
            writer.setDouble(isLong ? (double) row.number(index) : row.real(index));
          } else {
            byte[] text = text(slot.column().type(), row, index);
            writer.setBytes(text, text.length);
          }
          return;
        }
      }
    };
  }

  private static byte[] text(ColumnType type, Row row, int index) {
    String text =
        switch (type) {
          case LONG -> Long.toString(row.number(index));
          case DOUBLE -> DoubleText.of(row.real(index));
          case BOOLEAN -> row.number(index) != 0 ? "true" : "false";
          case TEXT, JSON -> "";
          case STRUCT -> throw new IllegalArgumentException("a struct has no text");
        };
    return text.isEmpty() ? row.bytes(index) : text.getBytes(StandardCharsets.UTF_8);
  }

  private record Longs(int index, ScalarWriter writer) implements CellWriter {
    @Override
    public void write(Row row) {
      if (row.isPresent(index)) {
        writer.setLong(row.number(index));
      }
    }
  }

  private record Bytes(int index, ScalarWriter writer) implements CellWriter {
    @Override
    public void write(Row row) {
      if (row.isPresent(index)) {
        byte[] bytes = row.bytes(index);
        writer.setBytes(bytes, bytes.length);
      }
    }
  }
}
