package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.TableMetadata;

/**
 * The generation: who may commit, and whether the table is ours alone (PROTOCOL 3.2). It is kept as
 * a property and in the summary of every snapshot, because Iceberg's validator sees snapshots and
 * never properties, and because another tool's append or rollback makes the two differ.
 */
final class Fence {
  private Fence() {}

  /** The generation of the table's properties, after a check that its snapshot agrees. */
  static long generation(String stream, TableMetadata table) {
    long generation =
        BookkeepingProperties.generation(table.properties().get(BookkeepingProperties.GENERATION));
    Snapshot snapshot = table.currentSnapshot();
    Optional<Long> own = snapshot == null ? Optional.of(0L) : generation(snapshot.summary());
    if (!own.equals(Optional.of(generation))) {
      throw new WatershedException(
          ErrorCode.FOREIGN_SNAPSHOT,
          "Another tool changed the archive table '"
              + stream
              + "': its current snapshot "
              + (snapshot == null ? "is gone" : snapshot.snapshotId())
              + " has generation "
              + own.map(String::valueOf).orElse("none")
              + " and its checkpoints have "
              + generation,
          "Nothing is read or written until 'watershed repair "
              + stream
              + "' makes watershed's own newest snapshot current again.");
    }
    return generation;
  }

  /** Watershed's own newest snapshot, the one that belongs to the checkpoints; empty if expired. */
  static Optional<Snapshot> ownSnapshot(TableMetadata table) {
    long generation =
        BookkeepingProperties.generation(table.properties().get(BookkeepingProperties.GENERATION));
    return table.snapshots().stream()
        .filter(snapshot -> generation(snapshot.summary()).equals(Optional.of(generation)))
        .max(Comparator.comparingLong(Snapshot::sequenceNumber));
  }

  /** Refuses a table that is not the one, or not in the state, that the committer started from. */
  static void check(String stream, TableMetadata table, String uuid, long expected) {
    if (!table.uuid().equals(uuid)) {
      throw new WatershedException(
          ErrorCode.FENCED,
          "The archive table '" + stream + "' was dropped and made again",
          "Load it again and start over.");
    }
    long generation =
        BookkeepingProperties.generation(table.properties().get(BookkeepingProperties.GENERATION));
    if (generation != expected) {
      throw fenced(stream, expected);
    }
    generation(stream, table);
  }

  /** The same for maintenance, which goes on when an archiver commits meanwhile. */
  static void checkMaintenance(String stream, TableMetadata table, String uuid, long expected) {
    if (!table.uuid().equals(uuid)) {
      throw new WatershedException(
          ErrorCode.FENCED,
          "The archive table '" + stream + "' was dropped and made again",
          "Load it again and start over.");
    }
    if (BookkeepingProperties.maintenance(table.properties()) != expected) {
      throw new WatershedException(
          ErrorCode.FENCED,
          "Somebody else maintained '" + stream + "' meanwhile",
          "Nothing is lost; maintain it again if it still needs it.");
    }
    generation(stream, table);
  }

  static WatershedException fenced(String stream, long expected) {
    return new WatershedException(
        ErrorCode.FENCED,
        "Another archiver committed to '" + stream + "' after generation " + expected,
        "Run one archiver per stream. Nothing is lost: the other one goes on.");
  }

  /** Runs inside Iceberg on every attempt, against the base that the attempt builds on. */
  static SnapshotAncestryValidator validator(long expected) {
    return ancestors -> {
      Iterator<Snapshot> newestFirst = ancestors.iterator();
      return newestFirst.hasNext()
          ? generation(newestFirst.next().summary()).equals(Optional.of(expected))
          : expected == 0;
    };
  }

  static Optional<Long> generation(Map<String, String> summary) {
    String text = summary.get(BookkeepingProperties.GENERATION);
    try {
      return text == null ? Optional.empty() : Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
