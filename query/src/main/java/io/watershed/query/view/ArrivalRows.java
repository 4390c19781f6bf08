package io.watershed.query.view;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.cut.ArchivedPositions;
import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Looks for arrival times in data files, each time in a database of its own. Thread-safe. */
public final class ArrivalRows implements ArchivedPositions {
  private static final Set<String> COLUMNS =
      Set.of("_incarnation", "_shard_id", "_sequence_number", "_arrival_time");

  private final SqlSettings settings;
  private final Path temporary;
  private final LocalFiles localFiles;

  /**
   * @param temporary a folder for the databases' folders
   */
  public ArrivalRows(SqlSettings settings, Path temporary, LocalFiles localFiles) {
    this.settings = settings;
    this.temporary = temporary;
    this.localFiles = localFiles;
  }

  @Override
  public Map<ShardKey, SequenceNumber> firstLater(List<DataFileInfo> files, Instant time) {
    // Archived times have microseconds: one that is later than the time is later than this.
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    String sql =
        "SELECT _incarnation, _shard_id, min(_sequence_number) FROM "
            + PhysicalSql.readParquet(localFiles.localize(files, Optional.of(COLUMNS)).paths())
            + " WHERE _arrival_time > make_timestamptz("
            + micros
            + ") GROUP BY ALL";
    Map<ShardKey, SequenceNumber> found = new TreeMap<>();
    try (StatementDatabase database = StatementDatabase.open(settings, temporary);
        Statement statement = database.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.put(
            new ShardKey(rows.getString(1), rows.getString(2)),
            new SequenceNumber(rows.getString(3)));
      }
      return found;
    } catch (SQLException e) {
      throw SqlErrors.internal(e);
    }
  }
}
