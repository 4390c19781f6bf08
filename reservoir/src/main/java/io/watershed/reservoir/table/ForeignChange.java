package io.watershed.reservoir.table;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What another tool did to an archive table (PROTOCOL 3.2): the table's current snapshot beside
 * watershed's own newest one.
 *
 * @param message what is wrong, as a sentence
 * @param snapshotId the current snapshot, which is not the one of the checkpoints; empty if there
 *     is none
 * @param operation what the other tool called it, such as {@code append} or {@code delete}
 * @param own the table as watershed left it; empty if that snapshot has expired
 * @param added locations of data files that only the current snapshot has
 * @param removed locations of data files that only watershed's own snapshot has
 * @param deleteFiles how many delete files the current snapshot has; an archive has none
 */
public record ForeignChange(
    String message,
    OptionalLong snapshotId,
    String operation,
    Optional<TableState> own,
    List<String> added,
    List<String> removed,
    long deleteFiles) {
  public ForeignChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }
}
