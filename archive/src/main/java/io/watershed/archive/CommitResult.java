package io.watershed.archive;

import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.TableState;

/** What became of an attempt to commit. */
sealed interface CommitResult {
  /** It is in the table; the input may be an older one than was given, of an earlier attempt. */
  record Committed(CommitInput input, CommitPlan plan, TableState state) implements CommitResult {}

  /** There was nothing to commit. */
  record Nothing() implements CommitResult {}

  /** Another archiver committed since our base; nothing of ours is in the table. */
  record Fenced(WatershedException error) implements CommitResult {}

  /** It is not in the table, or that is not known yet: try again. */
  record Failed(WatershedException error) implements CommitResult {}

  /** It cannot be committed, now or later. */
  record Hopeless(WatershedException error) implements CommitResult {}
}
