package io.watershed.drill.read;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;

/**
 * The rows of a file whose payloads are decoded again, for columns that came after it (PROTOCOL
 * 4.3).
 */
final class DecodedRows implements Rows {
  private final Rows rows;
  private final RecordRow filler;

  /**
   * @param rows the file's system columns
   */
  DecodedRows(Rows rows, RecordRow filler) {
    this.rows = rows;
    this.filler = filler;
  }

  /** Indexes of the columns that a record is made of. */
  static BitSet record() {
    BitSet indexes = new BitSet();
    SystemColumn.all().forEach(column -> indexes.set(Row.index(column)));
    return indexes;
  }

  @Override
  public boolean next(Row row) {
    if (!rows.next(row)) {
      return false;
    }
    filler.fill(row, record(row));
    return true;
  }

  private static StreamRecord record(Row row) {
    StreamRecord record =
        new StreamRecord(
            new ShardKey(text(row, SystemColumn.INCARNATION), text(row, SystemColumn.SHARD_ID)),
            new ShardPosition(
                new SequenceNumber(text(row, SystemColumn.SEQUENCE_NUMBER)),
                row.number(Row.index(SystemColumn.SUB_SEQUENCE_NUMBER))),
            text(row, SystemColumn.PARTITION_KEY),
            Instant.EPOCH.plus(row.number(Row.index(SystemColumn.ARRIVAL_TIME)), ChronoUnit.MICROS),
            row.bytes(Row.index(SystemColumn.PAYLOAD)));
    return row.isPresent(Row.index(SystemColumn.REPLAY_ID)) ? record.asCopy() : record;
  }

  private static String text(Row row, SystemColumn column) {
    return new String(row.bytes(Row.index(column)), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    rows.close();
  }
}
