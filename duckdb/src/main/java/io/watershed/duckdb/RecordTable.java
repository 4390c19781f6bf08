package io.watershed.duckdb;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import java.sql.Connection;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Records in memory as a table of the archive's columns. {@link #selectSql()} can be scanned any
 * number of times, by several statements at once, on any connection to the same database, until the
 * table is closed; payloads are shredded during the scan, and only for the columns that a statement
 * reads. Thread-safe.
 *
 * <p>A scan must not meet the database's memory limit: when DuckDB (seen with 2.0.0.1) has no
 * memory for the text that a table function hands over, it does not fail the statement, it aborts
 * the process. A statement whose memory nobody knows, such as a user's, should therefore read a
 * copy that was made before it started ({@code CREATE TEMP TABLE ... AS}, or a Parquet file), with
 * room to spare and a temporary directory.
 */
public final class RecordTable implements AutoCloseable {
  private final RecordSource source;
  private final long id;

  private RecordTable(RecordSource source) {
    this.source = source;
    this.id = RecordFunction.publish(source);
  }

  /** As {@link #register(Connection, List, PayloadSchema, PayloadFormat)}, for JSON payloads. */
  public static RecordTable register(
      Connection connection, List<StreamRecord> records, PayloadSchema schema) {
    return register(connection, records, schema, PayloadFormat.JSON);
  }

  /**
   * Makes records readable. Rows have no order; scans use as many threads as DuckDB gives.
   *
   * @param connection any connection to the database
   * @param records random access; not copied, so it must not change while the table is open
   * @param schema the payload columns
   * @param format how payloads are decoded
   */
  public static RecordTable register(
      Connection connection,
      List<StreamRecord> records,
      PayloadSchema schema,
      PayloadFormat format) {
    RecordFunction.ensureRegistered(connection);
    return new RecordTable(RecordSource.unordered(records, PayloadLayout.of(schema), format));
  }

  /**
   * Makes records readable in their order, by one thread, for a single scan that notes what has no
   * column: see {@link #observations()}.
   */
  public static RecordTable registerObserving(
      Connection connection,
      List<StreamRecord> records,
      PayloadSchema schema,
      PayloadFormat format,
      SchemaSettings settings) {
    return registerObserving(connection, records, schema, format, settings, new BitSet());
  }

  /**
   * As {@link #registerObserving(Connection, List, PayloadSchema, PayloadFormat, SchemaSettings)}.
   *
   * @param untyped indexes of records that get no payload columns and a decode error instead
   */
  public static RecordTable registerObserving(
      Connection connection,
      List<StreamRecord> records,
      PayloadSchema schema,
      PayloadFormat format,
      SchemaSettings settings,
      BitSet untyped) {
    RecordFunction.ensureRegistered(connection);
    return new RecordTable(
        RecordSource.observing(records, PayloadLayout.of(schema), format, settings, untyped));
  }

  /**
   * A SELECT that yields the archive's columns: the system columns in their order, then the payload
   * columns, with the names and types of the archive's Parquet files. To be used as a subquery.
   */
  public String selectSql() {
    return RecordSelect.sql(source, RecordFunction.NAME + "(" + id + ")");
  }

  /** What the scan of an observing table saw without a column; nothing for other tables. */
  public Observations observations() {
    return source.observations();
  }

  /** The error of ours that a scan ended with, of which DuckDB's exception has only the text. */
  public Optional<WatershedException> failure() {
    return source.failure();
  }

  /** Forgets the records. Statements that still scan them fail. */
  @Override
  public void close() {
    RecordFunction.withdraw(id);
  }
}
