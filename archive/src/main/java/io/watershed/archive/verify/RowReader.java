package io.watershed.archive.verify;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of data files, streaming: a row group at a time is in memory. Thread-safe; each call
 * reads on its caller's thread.
 */
final class RowReader implements AutoCloseable {
  private static final String SYSTEM_COLUMNS =
      "_incarnation, _shard_id, _sequence_number, _sub_sequence_number, _partition_key,"
          + " epoch_us(_arrival_time), _payload, _decode_error";
  private static final int SYSTEM_COUNT = 8;

  /** Row groups of the archive's size; one thread, since each caller brings its own. */
  private static final DuckDbSettings LIMITS = new DuckDbSettings(1L << 30, 1, Optional.empty(), 0);

  private @Nullable DuckDb database;

  /** Takes rows in the order of the file. */
  interface Sink {
    /** One row; the payload columns, by slot, are valid during the call. */
    void row(ArchivedRow row, Cells columns);
  }

  /** The payload columns of one row. */
  static final class Cells {
    private final ResultSet rows;

    private Cells(ResultSet rows) {
      this.rows = rows;
    }

    /** The value as {@link PayloadLayout}'s slot type says; null if there is none. */
    @Nullable Object value(PayloadLayout.Slot slot) throws SQLException {
      int column = SYSTEM_COUNT + 1 + slot.index();
      Object value =
          switch (slot.column().type()) {
            case LONG -> rows.getLong(column);
            case DOUBLE -> rows.getDouble(column);
            case BOOLEAN, STRUCT -> rows.getBoolean(column);
            case TEXT, JSON -> rows.getString(column);
          };
      return rows.wasNull() ? null : value;
    }
  }

  /**
   * Reads rows of one file.
   *
   * @param path where it is
   * @param key its name, for errors
   * @param layout the payload columns to read, all of which the file has
   * @param where a condition in SQL
   * @throws WatershedException {@code integrity} if it cannot be read as what it should be
   */
  void read(Path path, String key, PayloadLayout layout, String where, Sink sink) {
    String sql =
        "SELECT "
            + SYSTEM_COLUMNS
            + columns(layout)
            + " FROM read_parquet("
            + SqlText.literal(path.toString())
            + ", hive_partitioning = false) AS f WHERE "
            + where;
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET jdbc_stream_results = true");
      try (ResultSet rows = statement.executeQuery(sql)) {
        Cells cells = new Cells(rows);
        while (rows.next()) {
          sink.row(row(rows), cells);
        }
      }
    } catch (SQLException | IllegalArgumentException e) {
      throw unreadable(key, e);
    } catch (WatershedException e) {
      throw e.code() == ErrorCode.INVALID_INPUT ? unreadable(key, e) : e;
    }
  }

  /** Opened by the first read: it takes a while. */
  private synchronized DuckDb database() {
    DuckDb open = database;
    if (open == null) {
      open = DuckDb.open(LIMITS);
      database = open;
    }
    return open;
  }

  private static ArchivedRow row(ResultSet rows) throws SQLException {
    return new ArchivedRow(
        new ShardKey(text(rows, 1), text(rows, 2)),
        new ShardPosition(new SequenceNumber(text(rows, 3)), rows.getLong(4)),
        text(rows, 5),
        rows.getLong(6),
        rows.getBytes(7),
        rows.getString(8));
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    if (text == null) {
      throw new SQLException("a required column is NULL");
    }
    return text;
  }

  private static String columns(PayloadLayout layout) {
    List<String> references = new ArrayList<>();
    StringBuilder sql = new StringBuilder();
    for (PayloadLayout.Slot slot : layout.slots()) {
      String name = slot.column().name();
      String reference =
          slot.parent() == PayloadLayout.NO_PARENT
              ? "f." + SqlText.name(name)
              : "struct_extract("
                  + references.get(slot.parent())
                  + ", "
                  + SqlText.literal(name)
                  + ")";
      references.add(reference);
      boolean struct = slot.column().type() == ColumnType.STRUCT;
      sql.append(", ").append(struct ? reference + " IS NOT NULL" : reference);
    }
    return sql.toString();
  }

  private static WatershedException unreadable(String key, Exception e) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The rows of '" + key + "' cannot be read: " + firstLine(e),
        "The file is damaged; restore it from a backup of the reservoir.",
        e);
  }

  /** DuckDB's messages can show data after their first line. */
  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  @Override
  public synchronized void close() {
    if (database != null) {
      database.close();
    }
  }
}
