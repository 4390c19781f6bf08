package io.watershed.cut;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.time.Scheduler;
import io.watershed.reservoir.table.Append;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Waits for an archiver of this process that commits every few seconds. What it is about to commit
 * are tens of megabytes then, which it decodes anyway; a statement that took them from its memory
 * would decode them again, in the time that the archiver needs to keep up. Once everything is
 * archived that had arrived before the statement, the archive alone answers it. Thread-safe.
 */
final class NextCommit {
  /** Commits that follow each other so soon are waited for. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** An archiver that has committed so lately, and before, is one that is busy. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  /** A commit may take twice as long as the last one, and so much longer. */
  private static final Duration OVERDUE = Duration.ofSeconds(2);

  /** How long it may take to read what has arrived, and to commit it; then it is read after all. */
  private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(20);

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

  private final Scheduler scheduler;
  private final Awaiting awaiting;
  private final Duration patience;

  /**
   * @param timeout of a live read
   */
  NextCommit(Scheduler scheduler, Awaiting awaiting, Duration timeout) {
    this.patience = timeout.compareTo(LONGEST_PATIENCE) < 0 ? timeout : LONGEST_PATIENCE;
    this.scheduler = scheduler;
    this.awaiting = awaiting;
  }

  /**
   * The archive as a statement finds it.
   *
   * @param wanted what had arrived before the statement is not above these positions; empty if that
   *     is not known
   */
  record Archived(Optional<TableState> state, Map<ShardKey, ShardPosition> wanted) {}

  /**
   * The archive as soon as it holds everything that had arrived by a time, or as it is if that is
   * not to be expected.
   */
  Archived await(ArchiveTable table, OwnArchiver archiver, Instant arrived) {
    TableState state = table.load();
    UUID uuid = state.tableUuid();
    Optional<Map<ShardKey, ShardPosition>> wanted = Optional.empty();
    while (Duration.between(arrived, scheduler.instant()).compareTo(patience) < 0) {
      // Asked until it is known, and not again: else it would move on with the archiver.
      wanted = wanted.or(() -> archiver.readThrough(uuid, arrived));
      TableState now = state;
      if (wanted.filter(positions -> holds(now, positions)).isPresent()
          || !(wanted.isPresent() ? isSoon(table, state) : isBusy(table, state))) {
        break;
      }
      pause();
      state = table.load();
    }
    return new Archived(Optional.of(state), wanted.orElse(Map.of()));
  }

  private void pause() {
    boolean unused =
        awaiting.within(
            patience, "the next commit", scheduler.sleep(LOOK_INTERVAL).thenApply(slept -> true));
  }

  private static boolean holds(TableState state, Map<ShardKey, ShardPosition> wanted) {
    return wanted.entrySet().stream()
        .allMatch(shard -> holds(state.checkpoints().get(shard.getKey()), shard.getValue()));
  }

  /** Whether everything up to a position is archived. */
  static boolean holds(@Nullable ShardCheckpoint shard, ShardPosition position) {
    return shard != null && shard.after().covers(position);
  }

  /** Whether the last commits were close together, so that the next one is due. */
  private boolean isSoon(ArchiveTable table, TableState state) {
    return spacing(table, state)
        .filter(space -> space.between().compareTo(SOON) <= 0)
        .filter(
            space ->
                space.sinceLast().compareTo(space.between().multipliedBy(2).plus(OVERDUE)) <= 0)
        .isPresent();
  }

  /** Whether the archiver may be behind what arrives. */
  private boolean isBusy(ArchiveTable table, TableState state) {
    return spacing(table, state)
        .filter(space -> space.between().compareTo(BUSY) <= 0)
        .filter(space -> space.sinceLast().compareTo(BUSY) <= 0)
        .isPresent();
  }

  /** Between the last two commits, and since the last one. */
  private record Spacing(Duration between, Duration sinceLast) {}

  private Optional<Spacing> spacing(ArchiveTable table, TableState state) {
    Instant now = scheduler.instant();
    List<Append> lately = table.appendsSince(state, now.minus(BUSY.multipliedBy(2)));
    if (lately.size() < 2) {
      return Optional.empty();
    }
    Instant last = lately.get(lately.size() - 1).time();
    return Optional.of(
        new Spacing(
            Duration.between(lately.get(lately.size() - 2).time(), last),
            Duration.between(last, now)));
  }
}
