package io.watershed.reservoir.table;

import io.watershed.core.payload.PayloadSchema;
import java.util.List;

/**
 * The archive table of one stream. Readers call {@link #load()} and {@link #files}; one archiver
 * calls the others and is fenced when another one committed (PROTOCOL 3). Thread-safe for readers.
 */
public interface ArchiveTable {
  /** Reads the current metadata object. */
  TableState load();

  /**
   * Adds payload columns in a commit of their own (PROTOCOL 3.6). Columns that are there already
   * are left alone.
   *
   * @throws io.watershed.core.error.WatershedException {@code fenced}, {@code foreign-snapshot}
   */
  TableState addColumns(TableState base, PayloadSchema grown);

  /**
   * Uploads the files, appends them and moves the checkpoints, fenced by {@code base.generation()}.
   *
   * @return the state after the commit
   * @throws io.watershed.core.error.WatershedException {@code fenced} if another archiver committed
   *     since {@code base} (nothing of ours is in the table), {@code foreign-snapshot}, {@code
   *     commit-state-unknown} if the store gave no definite answer within the bound
   */
  TableState commit(TableState base, ArchiveCommit commit);

  /** The data files of the state's snapshot; empty before the first commit. */
  default List<DataFileInfo> files(TableState state) {
    return files(state, FileFilter.ALL);
  }

  /** The data files of the state's snapshot that may hold what the filter asks for. */
  List<DataFileInfo> files(TableState state, FileFilter filter);

  /**
   * Commits an empty append that moves the generation, so that every other archiver that holds an
   * older state is fenced (PROTOCOL 3.5).
   *
   * @throws io.watershed.core.error.WatershedException as {@link #commit}
   */
  TableState fence(TableState base);

  /** Reads the sums in one file's footer. */
  FileSums sums(DataFileInfo file);
}
