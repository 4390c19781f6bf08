package io.watershed.duckdb;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Rows of data files, or of a view of them, as the records that they were. */
public final class RecordRows {
  /** The select list that {@link #read} expects. */
  public static final String COLUMNS =
      "_incarnation, _shard_id, _sequence_number, _sub_sequence_number, _partition_key,"
          + " epoch_us(_arrival_time), _payload, _replay_id IS NOT NULL";

  /** How many columns that are. */
  public static final int COLUMN_COUNT = 8;

  private RecordRows() {}

  /** The record of the current row. */
  public static StreamRecord read(ResultSet row) throws SQLException {
    String partitionKey = row.getString(5);
    Blob payload = row.getBlob(7);
    StreamRecord record =
        new StreamRecord(
            new ShardKey(row.getString(1), row.getString(2)),
            new ShardPosition(new SequenceNumber(row.getString(3)), row.getLong(4)),
            partitionKey == null ? "" : partitionKey,
            Instant.EPOCH.plus(row.getLong(6), ChronoUnit.MICROS),
            payload.getBytes(1, (int) payload.length()));
    return row.getBoolean(8) ? record.asCopy() : record;
  }
}
