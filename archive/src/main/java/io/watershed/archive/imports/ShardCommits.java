package io.watershed.archive.imports;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.stream.Incarnation;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ImportedObject;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of one import. An archiver that commits meanwhile fences them: then they are made
 * again on the newer state, as long as nobody else imported. Not thread-safe.
 */
final class ShardCommits {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCommits.class);
  private static final int ATTEMPTS = 20;

  private final ArchiveTable table;
  private TableState state;
  private ShardCheckpoint checkpoint;

  ShardCommits(ArchiveTable table, TableState state, ShardCheckpoint checkpoint) {
    this.table = table;
    this.state = state;
    this.checkpoint = checkpoint;
  }

  ArchiveTable table() {
    return table;
  }

  TableState state() {
    return state;
  }

  /** The import's checkpoint as it is committed. */
  ShardCheckpoint checkpoint() {
    return checkpoint;
  }

  void commit(BatchImport batch) {
    state = batch.buffers().state();
    Optional<ShardCheckpoint> moved = batch.buffers().checkpoint();
    ArchiveCommit commit =
        new ArchiveCommit(
            Incarnation.IMPORT,
            batch.buffers().files(),
            moved.map(List::of).orElse(List.of()),
            List.of(),
            batch.imported());
    for (int attempt = 1; ; attempt++) {
      try {
        state = table.commit(state, commit);
        break;
      } catch (WatershedException e) {
        boolean again = e.code() == ErrorCode.FENCED || e.code() == ErrorCode.COMMIT_STATE_UNKNOWN;
        if (!again || attempt >= ATTEMPTS) {
          throw e;
        }
        LOG.info("{}: {}; looking at the table again", table.stream(), e.getMessage());
        if (isThere(moved, batch.imported())) {
          break;
        }
      }
    }
    moved.ifPresent(newer -> checkpoint = newer);
  }

  /** Whether the commit is in the table after all; if not, whether it may be made again. */
  private boolean isThere(Optional<ShardCheckpoint> moved, List<ImportedObject> objects) {
    state = table.load();
    ShardCheckpoint now =
        Optional.ofNullable(state.checkpoints().get(checkpoint.key())).orElse(checkpoint);
    if (isSame(now, checkpoint)) {
      // A commit without a record moves no checkpoint.
      return moved.isEmpty() && Set.copyOf(table.importedObjects()).containsAll(objects);
    }
    if (moved.isPresent() && isSame(now, moved.get())) {
      return true;
    }
    throw anotherImport(checkpoint.key().shardId());
  }

  private static boolean isSame(ShardCheckpoint one, ShardCheckpoint other) {
    return one.after().equals(other.after())
        && one.rows() == other.rows()
        && one.digest().equals(other.digest());
  }

  static WatershedException anotherImport(String shardId) {
    return new WatershedException(
        ErrorCode.FENCED,
        "Another import into the same table took the name " + shardId,
        "Import into one table one after the other; then start this one again.");
  }
}
