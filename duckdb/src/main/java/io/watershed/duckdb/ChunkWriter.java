package io.watershed.duckdb;

import io.watershed.core.payload.DecodeError;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.RecordColumns.OfSlot;
import io.watershed.duckdb.RecordColumns.OfSystem;
import io.watershed.duckdb.RecordColumns.Source;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.duckdb.DuckDBDataChunkWriter;
import org.jspecify.annotations.Nullable;

/** Fills chunks for one thread of a scan: one row after the other, each column by its writer. */
final class ChunkWriter {
  private final RecordSource source;
  private final List<StreamRecord> records;
  private final List<ColumnWriter> writers = new ArrayList<>();
  private final @Nullable Shredder shredder;
  private final PayloadRow untyped;
  private final RecordView view;

  /**
   * @param projected for each vector of a chunk, the column's index; negative for a row id
   */
  ChunkWriter(RecordFunction.Binding binding, int[] projected) {
    source = binding.source();
    records = source.records();
    untyped = PayloadRow.failed(source.layout().size(), DecodeError.NOT_ENCODABLE);
    view = new RecordView(binding.source().isAllText());
    BitSet slots = new BitSet();
    boolean shreds = binding.source().isOrdered();
    for (int vector = 0; vector < projected.length; vector++) {
      if (projected[vector] < 0) {
        writers.add(ColumnWriter.rowId(vector));
        continue;
      }
      Source column = binding.columns().get(projected[vector]).source();
      writers.add(ColumnWriter.of(column, vector));
      if (column instanceof OfSlot slot) {
        slots.set(slot.slot());
        shreds = true;
      }
      shreds |= column instanceof OfSystem system && system.column() == SystemColumn.DECODE_ERROR;
    }
    shredder = shreds ? binding.source().shredder(slots) : null;
  }

  void write(RecordScan.Range range, DuckDBDataChunkWriter chunk) {
    for (ColumnWriter writer : writers) {
      writer.begin(chunk, range.size());
    }
    for (int i = 0; i < range.size(); i++) {
      StreamRecord record = records.get(range.from() + i);
      view.show(record, shredder == null ? null : shred(shredder, range.from() + i));
      for (ColumnWriter writer : writers) {
        writer.put(i, view);
      }
    }
    for (ColumnWriter writer : writers) {
      writer.end();
    }
  }

  private PayloadRow shred(Shredder with, int index) {
    return source.isUntyped(index) ? untyped : with.shred(records.get(index).payload());
  }

  /** The error's text; null when there is none. */
  static @Nullable String errorText(PayloadRow row) {
    DecodeError error = row.decodeError();
    return error == null ? null : error.text();
  }
}
