package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.TableState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables {@code watershed.*}: what the archives' metadata say now. */
final class SystemTables {
  static final String SCHEMA = "watershed";
  static final List<String> NAMES =
      List.of("watershed.gaps", "watershed.shards", "watershed.snapshots");

  private static final String SHARDS =
      "CREATE TABLE watershed.shards (stream VARCHAR, incarnation VARCHAR, shard_id VARCHAR,"
          + " parents VARCHAR[], finished BOOLEAN, archived_sequence_number VARCHAR,"
          + " archived_sub_sequence_number BIGINT, complete_through TIMESTAMPTZ,"
          + " archived_records BIGINT, skipped_records BIGINT, digest VARCHAR)";
  private static final String SNAPSHOTS =
      "CREATE TABLE watershed.snapshots (stream VARCHAR, snapshot_id BIGINT,"
          + " committed_at TIMESTAMPTZ, generation BIGINT, metadata_version BIGINT,"
          + " table_uuid UUID)";
  private static final String GAPS =
      "CREATE TABLE watershed.gaps (stream VARCHAR, incarnation VARCHAR, shard_id VARCHAR,"
          + " after_position VARCHAR, from_time TIMESTAMPTZ, until_time TIMESTAMPTZ,"
          + " reason VARCHAR, detected_at TIMESTAMPTZ)";

  private final Connection connection;

  SystemTables(Connection connection) {
    this.connection = connection;
  }

  /** Whether the name is one of ours. */
  static boolean isSystemTable(String schema, String name) {
    return NAMES.stream().anyMatch(known -> known.equalsIgnoreCase(schema + "." + name));
  }

  /** What the tables say of one stream: its archive, and every gap known. */
  record Source(String stream, Optional<TableState> state, List<Gap> gaps) {}

  /**
   * Makes the named tables.
   *
   * @param names without schema, in lower case
   */
  void create(Set<String> names, List<Source> sources) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA watershed");
      for (String name : names) {
        switch (name) {
          case "shards" -> {
            statement.execute(SHARDS);
            sources.forEach(this::insertShards);
          }
          case "snapshots" -> {
            statement.execute(SNAPSHOTS);
            sources.forEach(this::insertSnapshot);
          }
          case "gaps" -> {
            statement.execute(GAPS);
            sources.forEach(this::insertGaps);
          }
          default -> throw new IllegalArgumentException(name);
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void insertShards(Source source) {
    if (source.state().isEmpty()) {
      return;
    }
    for (ShardCheckpoint checkpoint : source.state().get().checkpoints().values()) {
      Optional<ShardPosition> last = checkpoint.after().lastPosition();
      insert(
          "INSERT INTO watershed.shards VALUES"
              + " (?, ?, ?, string_split(?, ','), ?, ?, ?, ?, ?, ?, ?)",
          source.stream(),
          checkpoint.key().incarnation(),
          checkpoint.key().shardId(),
          checkpoint.shard().parents().isEmpty()
              ? null
              : String.join(",", checkpoint.shard().parents()),
          checkpoint.after() instanceof After.End,
          last.map(p -> p.sequenceNumber().decimal()).orElse(null),
          last.map(ShardPosition::subSequenceNumber).orElse(null),
          time(checkpoint.completeThrough()),
          checkpoint.rows(),
          checkpoint.skipped(),
          checkpoint.digest().hex());
    }
  }

  private void insertSnapshot(Source source) {
    if (source.state().isEmpty() || source.state().get().snapshotId().isEmpty()) {
      return;
    }
    TableState state = source.state().get();
    insert(
        "INSERT INTO watershed.snapshots VALUES (?, ?, ?, ?, ?, ?::UUID)",
        source.stream(),
        state.snapshotId().getAsLong(),
        time(Optional.of(state.snapshotTime())),
        state.generation(),
        state.metadataVersion(),
        state.tableUuid().toString());
  }

  private void insertGaps(Source source) {
    for (Gap gap : source.gaps()) {
      insert(
          "INSERT INTO watershed.gaps VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          source.stream(),
          gap.shard().incarnation(),
          gap.shard().shardId(),
          gap.afterPosition(),
          time(gap.from()),
          time(gap.until()),
          gap.reason(),
          time(Optional.of(gap.detectedAt())));
    }
  }

  private static @Nullable Object time(Optional<Instant> time) {
    return time.map(t -> t.atOffset(ZoneOffset.UTC)).orElse(null);
  }

  private void insert(String sql, @Nullable Object... values) {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      insert.execute();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static WatershedException failed(SQLException e) {
    return new WatershedException(
        ErrorCode.INTERNAL, "the tables watershed.* cannot be made: " + e.getMessage(), "", e);
  }
}
