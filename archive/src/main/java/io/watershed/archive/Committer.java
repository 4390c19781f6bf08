package io.watershed.archive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes commits: plans, grows the schema, writes files, commits, and finds out what became of a
 * commit without an answer. Blocks, so it runs outside of the step loop; one call at a time.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final ArchiveTable table;
  private final CommitFiles files;
  private final int maxDays;
  private final boolean keepsReplayed;
  private Optional<Attempt> unresolved = Optional.empty();

  Committer(ArchiveTable table, CommitFiles files, int maxDays, boolean keepsReplayed) {
    this.table = table;
    this.files = files;
    this.maxDays = maxDays;
    this.keepsReplayed = keepsReplayed;
  }

  /** A commit that was sent off from this state. */
  private record Attempt(TableState base, CommitInput input, CommitPlan plan) {}

  /** Commits what is in hand, or finds that an earlier attempt did. */
  CommitResult run(TableState base, Incarnation incarnation, CommitInput input) {
    try {
      if (unresolved.isPresent()) {
        return resolve(unresolved.get());
      }
      CommitPlan plan =
          CommitPlan.of(input, record -> isArchived(record, base), keepsReplayed, maxDays);
      return plan.isEmpty() ? new CommitResult.Nothing() : commit(base, incarnation, input, plan);
    } catch (WatershedException e) {
      return sorted(e);
    }
  }

  private static boolean isArchived(StreamRecord record, TableState base) {
    Function<ShardKey, Optional<After>> checkpoints =
        key -> Optional.ofNullable(base.checkpoints().get(key)).map(ShardCheckpoint::after);
    return ReplayedCopies.isCopyOfArchived(record.payload(), checkpoints);
  }

  private CommitResult commit(
      TableState base, Incarnation incarnation, CommitInput input, CommitPlan plan) {
    return files.write(
        table,
        base,
        plan.days().values(),
        (grown, written) ->
            send(
                new Attempt(grown, input, plan),
                new ArchiveCommit(incarnation, written, plan.checkpoints(), plan.gaps())));
  }

  private CommitResult send(Attempt attempt, ArchiveCommit commit) {
    try {
      TableState after = table.commit(attempt.base(), commit);
      return new CommitResult.Committed(attempt.input(), attempt.plan(), after);
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.COMMIT_STATE_UNKNOWN) {
        throw e;
      }
      LOG.warn("{}: {}; asking the table", attempt.base().stream(), e.getMessage());
      unresolved = Optional.of(attempt);
      return resolve(attempt);
    }
  }

  /** Whether a commit without an answer is in the table; the checkpoints say it. */
  private CommitResult resolve(Attempt attempt) {
    TableState now = table.load();
    unresolved = Optional.empty();
    long expected = attempt.base().generation();
    if (now.generation() == expected) {
      // Should it still land late, the next commit is fenced by it, and reloads.
      return new CommitResult.Failed(
          new WatershedException(
              ErrorCode.COMMIT_STATE_UNKNOWN,
              "A commit of " + now.stream() + " did not land",
              "It is made again."));
    }
    if (now.generation() == expected + 1 && holds(now, attempt.plan().checkpoints())) {
      LOG.info("{}: the commit without an answer is in the table", now.stream());
      return new CommitResult.Committed(attempt.input(), attempt.plan(), now);
    }
    return new CommitResult.Fenced(
        new WatershedException(
            ErrorCode.FENCED,
            "Another archiver committed to " + now.stream() + " while an answer was lost",
            "Run one archiver per stream."));
  }

  private static boolean holds(TableState state, List<ShardCheckpoint> checkpoints) {
    return checkpoints.stream().allMatch(c -> isSame(c, state.checkpoints().get(c.key())));
  }

  private static boolean isSame(ShardCheckpoint ours, @Nullable ShardCheckpoint theirs) {
    return theirs != null
        && ours.after().equals(theirs.after())
        && ours.rows() == theirs.rows()
        && ours.skipped() == theirs.skipped()
        && ours.digest().equals(theirs.digest());
  }

  private static CommitResult sorted(WatershedException error) {
    return switch (error.code()) {
      case FENCED -> new CommitResult.Fenced(error);
      case STORE, UNREACHABLE, CREDENTIALS, ACCESS_DENIED, COMMIT_STATE_UNKNOWN ->
          new CommitResult.Failed(error);
      default -> new CommitResult.Hopeless(error);
    };
  }
}
