package io.watershed.duckdb;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Rows of data files, or of a view of them, as the records that they were. */
public final class RecordRows {
  /** The select list that {@link #read(ResultSet, int, ShardKey)} expects. */
  public static final String COLUMNS_IN_SHARD =
      "_sequence_number, _sub_sequence_number, _partition_key, epoch_us(_arrival_time), _payload,"
          + " _replay_id IS NOT NULL";

  /** How many columns that are. */
  public static final int COLUMN_COUNT_IN_SHARD = 6;

  /** The select list that {@link #read(ResultSet)} expects. */
  public static final String COLUMNS = "_incarnation, _shard_id, " + COLUMNS_IN_SHARD;

  private RecordRows() {}

  /** The record of the current row. */
  public static StreamRecord read(ResultSet row) throws SQLException {
    return read(row, 3, new ShardKey(row.getString(1), row.getString(2)));
  }

  /**
   * The record of the current row, whose shard is known: each text of a row costs its conversion.
   *
   * @param first the number of the first column
   */
  public static StreamRecord read(ResultSet row, int first, ShardKey shard) throws SQLException {
    String partitionKey = row.getString(first + 2);
    StreamRecord record =
        new StreamRecord(
            shard,
            new ShardPosition(new SequenceNumber(row.getString(first)), row.getLong(first + 1)),
            partitionKey == null ? "" : partitionKey,
            Instant.EPOCH.plus(row.getLong(first + 3), ChronoUnit.MICROS),
            row.getBytes(first + 4));
    return row.getBoolean(first + 5) ? record.asCopy() : record;
  }
}
