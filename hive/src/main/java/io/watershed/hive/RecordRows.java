package io.watershed.hive;

import io.watershed.core.payload.DecodeError;
import io.watershed.core.payload.GuardedShredder;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of records: system columns, and payload columns by shredding the payload, for live and
 * archived records alike. Columns that the query does not read stay null. Not thread-safe.
 */
final class RecordRows {
  private final int width;
  private final Map<Integer, RowValue> values = new TreeMap<>();
  private final boolean needsPayload;
  private final PayloadRow nothing;
  private final Optional<Shredder> shredder;

  /**
   * @param columns the table's columns and which of them are read
   * @param cut says what the payload columns are
   * @throws io.watershed.core.error.WatershedException {@code invalid-input} for a column that the
   *     cut does not have as the table declares it
   */
  RecordRows(ReadColumns columns, QueryCut cut, PayloadFormat format) {
    this.width = columns.names().size();
    PayloadValues payload = new PayloadValues(cut.pinned().stream(), cut.pinned().schema());
    List<SystemColumn> system = new ArrayList<>();
    for (int index : columns.read()) {
      String name = columns.names().get(index);
      Optional<SystemColumn> found = system(name);
      found.ifPresent(system::add);
      values.put(
          index,
          found
              .map(SystemValues::of)
              .orElseGet(() -> payload.column(name, columns.types().get(index))));
    }
    boolean shreds = system.contains(SystemColumn.DECODE_ERROR) || !payload.wanted().isEmpty();
    this.needsPayload = shreds || system.stream().anyMatch(SystemValues::needsPayload);
    this.nothing = PayloadRow.failed(payload.layout().size(), DecodeError.DEFECT);
    this.shredder =
        shreds
            ? Optional.of(
                new GuardedShredder(
                    format.shredder(payload.layout(), payload.wanted()), payload.layout()))
            : Optional.empty();
  }

  private static Optional<SystemColumn> system(String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    return SystemColumn.all().stream()
        .filter(column -> column.columnName().equals(folded))
        .findFirst();
  }

  /** Whether any column is made of the payload's bytes. */
  boolean needsPayload() {
    return needsPayload;
  }

  /** The record as a row. */
  @Nullable Object[] row(StreamRecord record) {
    PayloadRow payload = shredder.isPresent() ? shredder.get().shred(record.payload()) : nothing;
    @Nullable Object[] row = new @Nullable Object[width];
    values.forEach((index, value) -> row[index] = value.of(record, payload));
    return row;
  }
}
