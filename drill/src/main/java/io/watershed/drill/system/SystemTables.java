package io.watershed.drill.system;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ListedFile;
import io.watershed.reservoir.table.TableSnapshot;
import io.watershed.reservoir.table.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The tables about archives. */
public final class SystemTables {
  private SystemTables() {}

  /** Of every archive of a reservoir, as it is when the rows are read. */
  public static Map<String, SystemTable> of(Reservoir reservoir) {
    return Map.of(
        "shards", shards(reservoir),
        "snapshots", snapshots(reservoir),
        "gaps", gaps(reservoir),
        "files", files(reservoir));
  }

  /** Adds one archive's rows. */
  private interface Rows {
    void add(List<List<Object>> rows, ArchiveTable table, TableState state);
  }

  private static SystemTable filled(SystemTable table, Reservoir reservoir, Rows rows) {
    return table.filled(
        () -> {
          List<List<Object>> all = new ArrayList<>();
          for (String stream : reservoir.streams()) {
            reservoir.find(stream).ifPresent(found -> rows.add(all, found, found.load()));
          }
          return all;
        });
  }

  private static SystemTable shards(Reservoir reservoir) {
    SystemTable table =
        SystemTable.named("shards")
            .text("stream")
            .text("incarnation")
            .text("shard_id")
            .text("parents")
            .flag("finished")
            .text("archived_sequence_number")
            .number("archived_sub_sequence_number")
            .time("complete_through")
            .number("archived_records")
            .number("skipped_records")
            .text("digest");
    return filled(
        table,
        reservoir,
        (rows, archive, state) -> {
          for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
            Optional<ShardPosition> last = checkpoint.after().lastPosition();
            List<String> parents = checkpoint.shard().parents();
            rows.add(
                SystemTable.row(
                    state.stream(),
                    checkpoint.key().incarnation(),
                    checkpoint.key().shardId(),
                    parents.isEmpty() ? null : String.join(", ", parents),
                    checkpoint.after().isEnd(),
                    last.map(p -> p.sequenceNumber().decimal()),
                    last.map(ShardPosition::subSequenceNumber),
                    checkpoint.completeThrough(),
                    checkpoint.rows(),
                    checkpoint.skipped(),
                    checkpoint.digest().hex()));
          }
        });
  }

  private static SystemTable gaps(Reservoir reservoir) {
    SystemTable table =
        SystemTable.named("gaps")
            .text("stream")
            .text("incarnation")
            .text("shard_id")
            .text("after_position")
            .time("from_time")
            .time("until_time")
            .text("reason")
            .time("detected_at");
    return filled(
        table,
        reservoir,
        (rows, archive, state) -> {
          for (Gap gap : state.gaps()) {
            rows.add(
                SystemTable.row(
                    state.stream(),
                    gap.shard().incarnation(),
                    gap.shard().shardId(),
                    gap.afterPosition(),
                    gap.from(),
                    gap.until(),
                    gap.reason(),
                    gap.detectedAt()));
          }
        });
  }

  private static SystemTable snapshots(Reservoir reservoir) {
    SystemTable table =
        SystemTable.named("snapshots")
            .text("stream")
            .number("snapshot_id")
            .time("committed_at")
            .number("generation")
            .number("metadata_version")
            .text("table_uuid")
            .flag("is_current")
            .number("parent_id")
            .number("sequence_number")
            .text("operation")
            .number("added_files")
            .number("removed_files")
            .number("added_records")
            .number("total_files")
            .number("total_records")
            .number("total_bytes");
    return filled(
        table,
        reservoir,
        (rows, archive, state) -> {
          for (TableSnapshot snapshot : archive.snapshots(state)) {
            boolean current = state.snapshotId().equals(OptionalLong.of(snapshot.id()));
            rows.add(
                SystemTable.row(
                    state.stream(),
                    snapshot.id(),
                    snapshot.time(),
                    snapshot.generation(),
                    current ? state.metadataVersion() : null,
                    state.tableUuid().toString(),
                    current,
                    snapshot.parent(),
                    snapshot.sequence(),
                    snapshot.operation(),
                    snapshot.addedFiles(),
                    snapshot.removedFiles(),
                    snapshot.addedRecords(),
                    snapshot.totalFiles(),
                    snapshot.totalRecords(),
                    snapshot.totalBytes()));
          }
        });
  }

  private static SystemTable files(Reservoir reservoir) {
    SystemTable table =
        SystemTable.named("files")
            .text("stream")
            .text("path")
            .text("arrival_day")
            .number("records")
            .number("bytes")
            .number("row_groups")
            .time("first_arrival")
            .time("last_arrival")
            .number("added_sequence_number")
            .number("added_snapshot_id");
    return filled(
        table,
        reservoir,
        (rows, archive, state) -> {
          for (ListedFile file : archive.listFiles(state)) {
            rows.add(
                SystemTable.row(
                    state.stream(),
                    file.key(),
                    file.day(),
                    file.rows(),
                    file.sizeBytes(),
                    file.rowGroups(),
                    file.firstArrival(),
                    file.lastArrival(),
                    file.addedSequence(),
                    file.addedSnapshot()));
          }
        });
  }
}
