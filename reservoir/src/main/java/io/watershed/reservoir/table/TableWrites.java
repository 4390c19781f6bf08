package io.watershed.reservoir.table;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.Backoff;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every commit to a table has in common: its base, its tries, and its bound of snapshots. */
final class TableWrites {
  private static final Logger LOG = LoggerFactory.getLogger(TableWrites.class);

  private final TableFolder folder;
  private final MetadataVersions versions;
  private final ReservoirSettings settings;
  private final Backoff backoff;

  TableWrites(
      TableFolder folder, MetadataVersions versions, ReservoirSettings settings, Backoff backoff) {
    this.folder = folder;
    this.versions = versions;
    this.settings = settings;
    this.backoff = backoff;
  }

  /** The table as it is now. */
  StoreTableOperations newest() {
    StoreTableOperations table = operations();
    if (table.refresh() == null) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          "The archive table '" + folder.stream() + "' is gone",
          "Somebody deleted it; start the archiver again to make a new one.");
    }
    return table;
  }

  StoreTableOperations operations() {
    return new StoreTableOperations(
        folder, versions, new ReservoirFileIO(folder, settings.maxMetadataBytes()));
  }

  /**
   * Tries until the commit is made, refused, or out of its bound; unknown outcomes pass through.
   *
   * @param first what the first try builds on; a later one looks again
   * @param check throws if the base is not one to build on; called before each try
   */
  StoreTableOperations attempts(
      StoreTableOperations first, Consumer<StoreTableOperations> check, Attempt attempt) {
    StoreTableOperations table = first;
    int failures = 0;
    while (true) {
      try {
        if (failures > 0) {
          table = newest();
        }
        check.accept(table);
        attempt.run(table);
        return table;
      } catch (ValidationException e) {
        throw new WatershedException(
            ErrorCode.FENCED,
            "'"
                + folder.stream()
                + "' was changed by another archiver or by other maintenance: "
                + e.getMessage(),
            "Run one archiver per stream. Nothing is lost: the other one goes on.",
            e);
      } catch (NotFoundException e) {
        throw new WatershedException(
            ErrorCode.INTEGRITY,
            "A manifest of '" + folder.stream() + "' is missing: " + e.getMessage(),
            "Somebody deleted it; restore it from a copy, or run 'watershed verify'.",
            e);
      } catch (CommitFailedException e) {
        failures++;
        LOG.info("Commit to '{}' lost a race, try {}", folder.stream(), failures);
        if (failures >= settings.commitAttempts()) {
          throw new WatershedException(
              ErrorCode.STORE,
              "The archive table '"
                  + folder.stream()
                  + "' was changed by others "
                  + failures
                  + " times in a row",
              "See who writes to it; try again when they are done.",
              e);
        }
        backoff.pause(failures);
      }
    }
  }

  /**
   * Keeps the metadata, and so the time of a commit, flat. Only entries of the metadata go: the
   * files of expired snapshots stay for readers that still use them, and are left to {@link
   * Unreferenced}.
   */
  void expireSnapshots(Transaction transaction, TableMetadata base) {
    if (base.snapshots().size() >= settings.snapshotsKept() + settings.snapshotsSlack()) {
      transaction
          .expireSnapshots()
          .expireOlderThan(Long.MAX_VALUE)
          .retainLast(settings.snapshotsKept())
          .cleanupLevel(CleanupLevel.NONE)
          .commit();
    }
  }

  /** The table as it is after an unknown outcome, if it can be read at all. */
  StoreTableOperations afterUnknown(CommitStateUnknownException cause) {
    try {
      return newest();
    } catch (WatershedException e) {
      throw unknown(cause);
    }
  }

  /** Whether a commit that nobody answered for is in the table after all. */
  boolean holds(StoreTableOperations table, UUID commitId) {
    boolean landed =
        table.current().snapshots().stream()
            .map(snapshot -> snapshot.summary().get(BookkeepingProperties.COMMIT_ID))
            .anyMatch(commitId.toString()::equals);
    if (landed) {
      LOG.info("A commit to '{}' landed although its answer was lost", folder.stream());
      versions.repairHint(table.version());
    }
    return landed;
  }

  WatershedException unknown(Exception cause) {
    return new WatershedException(
        ErrorCode.COMMIT_STATE_UNKNOWN,
        "The store gave no definite answer to a commit to '" + folder.stream() + "'",
        "Load the table again: if its generation moved, the commit is there; if not, repeat it.",
        cause);
  }

  /** One try on top of this base. */
  interface Attempt {
    void run(StoreTableOperations table);
  }
}
