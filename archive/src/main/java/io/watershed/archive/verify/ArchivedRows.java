package io.watershed.archive.verify;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.duckdb.DuckDb;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Reads the rows of data files back, and digests them as the archiver did. */
final class ArchivedRows implements AutoCloseable {
  private static final String COLUMNS =
      "_incarnation, _shard_id, _sequence_number, _sub_sequence_number, _partition_key, _payload";

  private final ObjectStore store;
  private final DuckDb database;

  ArchivedRows(ObjectStore store) {
    this.store = store;
    this.database = DuckDb.open(DuckDbSettings.DEFAULTS);
  }

  /** Takes rows in the order of the file. */
  interface Sink {
    void row(ShardKey shard, ShardPosition position, RecordDigest digest);
  }

  /**
   * Reads one file.
   *
   * @throws WatershedException {@code integrity} if it cannot be read as what it should be
   */
  void read(DataFileInfo file, Sink sink) {
    Optional<Path> local = store.localPath(file.key());
    if (local.isPresent()) {
      read(local.get(), file.key(), sink);
      return;
    }
    Path copy = download(file.key());
    try {
      read(copy, file.key(), sink);
    } finally {
      delete(copy);
    }
  }

  private void read(Path path, String key, Sink sink) {
    String sql =
        "SELECT " + COLUMNS + " FROM read_parquet('" + path.toString().replace("'", "''") + "')";
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ShardKey shard = new ShardKey(rows.getString(1), rows.getString(2));
        ShardPosition position =
            new ShardPosition(new SequenceNumber(rows.getString(3)), rows.getLong(4));
        byte[] payload = rows.getBytes(6);
        sink.row(shard, position, RecordDigest.of(shard, position, rows.getString(5), payload));
      }
    } catch (SQLException | RuntimeException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The rows of '" + key + "' cannot be read: " + firstLine(e),
          "The file is damaged; restore it from a backup of the reservoir.",
          e);
    }
  }

  private Path download(String key) {
    try (InputStream in = store.open(key)) {
      Path copy = Files.createTempFile("watershed-verify-", ".parquet");
      Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "'" + key + "' could not be copied to this machine: " + e.getMessage(),
          "Check the disk of java.io.tmpdir and the connection.",
          e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException ignored) {
      // A temporary file that stays behind harms nobody.
    }
  }

  /** DuckDB's messages can show data after their first line. */
  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  @Override
  public void close() {
    database.close();
  }
}
