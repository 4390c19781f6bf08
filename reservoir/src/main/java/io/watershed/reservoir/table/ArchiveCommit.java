package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.stream.Incarnation;
import java.util.List;

/**
 * One archiver commit: files and the checkpoints that they move, in one transaction (PROTOCOL 3.1).
 *
 * @param incarnation the incarnation that the archiver reads; listed if it is new
 * @param files to append; may be empty
 * @param checkpoints the new value of every checkpoint that changes
 * @param gaps found since the last commit
 * @param imported objects of other tools whose records the files hold
 */
public record ArchiveCommit(
    Incarnation incarnation,
    List<NewDataFile> files,
    List<ShardCheckpoint> checkpoints,
    List<Gap> gaps,
    List<ImportedObject> imported) {

  /** A commit that imports nothing. */
  public ArchiveCommit(
      Incarnation incarnation,
      List<NewDataFile> files,
      List<ShardCheckpoint> checkpoints,
      List<Gap> gaps) {
    this(incarnation, files, checkpoints, gaps, List.of());
  }
}
