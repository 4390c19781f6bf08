package io.watershed.core.record;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The columns that every archive table has, before the payload's own (DESIGN, "Archive table"). The
 * prefix {@code _} keeps payload fields from colliding with them. Names, types and field ids are
 * for ever: Parquet files carry the ids, and other engines read by name.
 */
public enum SystemColumn {
  /** Id of the stream's incarnation, see {@code Incarnation.id()}. */
  INCARNATION("_incarnation", 1, Type.TEXT, true),
  /** The Kinesis shard id. */
  SHARD_ID("_shard_id", 2, Type.TEXT, true),
  /** Sequence number, zero-padded to {@link SequenceNumber#WIDTH}, so that text order is right. */
  SEQUENCE_NUMBER("_sequence_number", 3, Type.TEXT, true),
  /** Index within an aggregated record, from 0. */
  SUB_SEQUENCE_NUMBER("_sub_sequence_number", 4, Type.LONG, true),
  /** The partition key. */
  PARTITION_KEY("_partition_key", 5, Type.TEXT, false),
  /** ApproximateArrivalTimestamp; its UTC day is the partition. */
  ARRIVAL_TIME("_arrival_time", 6, Type.TIMESTAMPTZ, true),
  /** The payload's bytes, exactly as they came. */
  PAYLOAD("_payload", 7, Type.BINARY, true),
  /** Why the payload was not understood; NULL when it was. */
  DECODE_ERROR("_decode_error", 8, Type.TEXT, false),
  /**
   * Of a replayed record that came back to its own stream unchanged, and was kept: the replay's id.
   * NULL for every other record, whatever its envelope says: views hide rows by it.
   */
  REPLAY_ID("_replay_id", 9, Type.TEXT, false),
  /** Of a replayed record: incarnation id of the record that it came from. */
  ORIGIN_INCARNATION("_origin_incarnation", 10, Type.TEXT, false),
  /** Of a replayed record: shard id of the record that it came from. */
  ORIGIN_SHARD_ID("_origin_shard_id", 11, Type.TEXT, false),
  /** Of a replayed record: zero-padded sequence number of the record that it came from. */
  ORIGIN_SEQUENCE_NUMBER("_origin_sequence_number", 12, Type.TEXT, false),
  /** Of a replayed record: sub-sequence number of the record that it came from. */
  ORIGIN_SUB_SEQUENCE_NUMBER("_origin_sub_sequence_number", 13, Type.LONG, false);

  private static final List<SystemColumn> ALL = List.copyOf(Arrays.asList(values()));

  private final String columnName;
  private final int fieldId;
  private final Type type;
  private final boolean required;

  SystemColumn(String columnName, int fieldId, Type type, boolean required) {
    this.columnName = columnName;
    this.fieldId = fieldId;
    this.type = type;
    this.required = required;
  }

  /** Every system column, in the order of the table. */
  public static List<SystemColumn> all() {
    return ALL;
  }

  /** The names of every system column, in order, as a SQL select list without quotes. */
  public static String selectList() {
    return ALL.stream().map(SystemColumn::columnName).collect(Collectors.joining(", "));
  }

  /** The column's name in the table, in files and in SQL. */
  public String columnName() {
    return columnName;
  }

  /** The Iceberg field id, which files carry as Parquet field id. */
  public int fieldId() {
    return fieldId;
  }

  /** The type. */
  public Type type() {
    return type;
  }

  /** Whether no record lacks it. */
  public boolean required() {
    return required;
  }

  /** Types of system columns. */
  public enum Type {
    /** UTF-8 text: Iceberg string, SQL VARCHAR. */
    TEXT,
    /** 64 bits, signed: Iceberg long, SQL BIGINT. */
    LONG,
    /** Microseconds since the epoch, UTC: Iceberg timestamptz, SQL TIMESTAMP WITH TIME ZONE. */
    TIMESTAMPTZ,
    /** Bytes: Iceberg binary, SQL BLOB. */
    BINARY
  }
}
