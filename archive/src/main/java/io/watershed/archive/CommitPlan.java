package io.watershed.archive;

import io.watershed.archive.CommitInput.ShardInput;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What one commit writes: the records of each UTC day in (shard, position) order with their sums,
 * and the checkpoints that they move (PROTOCOL 3.7). A pure function of what was read.
 *
 * <p>A commit takes a prefix of each shard's records. The prefix ends early only where another day
 * would be one too many; then the shards below wait as well, so that a parent is never committed
 * after its child.
 *
 * @param days by UTC day: one file each
 * @param checkpoints the new value of each checkpoint that changes
 * @param gaps to record
 * @param through per shard with records, the last position that the commit takes
 * @param rows records to archive
 * @param skipped replayed records to count instead
 * @param payloadBytes of the records to archive
 * @param complete everything that was in hand is taken
 */
record CommitPlan(
    SortedMap<LocalDate, DayFile> days,
    List<ShardCheckpoint> checkpoints,
    List<Gap> gaps,
    Map<ShardKey, ShardPosition> through,
    long rows,
    long skipped,
    long payloadBytes,
    boolean complete) {

  /**
   * One file to be.
   *
   * @param records in (shard, position) order; empty only if the whole commit archives nothing
   * @param sums per shard
   */
  record DayFile(LocalDate day, List<StreamRecord> records, List<ShardSums> sums) {}

  /** Whether there is nothing to commit. */
  boolean isEmpty() {
    return days.isEmpty() && checkpoints.isEmpty() && gaps.isEmpty();
  }

  /**
   * Plans a commit.
   *
   * @param alreadyArchived whether a record is a replayed one that the archive has (PROTOCOL 6.7)
   * @param keepsReplayed whether those are archived all the same, marked as copies
   * @param maxDays the most files
   */
  static CommitPlan of(
      CommitInput input,
      Predicate<StreamRecord> alreadyArchived,
      boolean keepsReplayed,
      int maxDays) {
    Draft draft = new Draft(alreadyArchived, keepsReplayed, maxDays);
    for (ShardInput shard : input.shards()) {
      draft.take(shard);
    }
    return draft.finish(input);
  }

  /** The UTC day of a record: its partition. */
  static LocalDate dayOf(StreamRecord record) {
    return LocalDate.ofEpochDay(record.arrivalDay());
  }

  /** A plan in the making. */
  private static final class Draft {
    private final Predicate<StreamRecord> alreadyArchived;
    private final boolean keepsReplayed;
    private final int maxDays;
    private final Set<LocalDate> daysSeen = new HashSet<>();
    private final SortedMap<ShardKey, ShardDraft> taken = new TreeMap<>();
    private final List<ShardCheckpoint> checkpoints = new ArrayList<>();
    private final Set<String> cutShort = new HashSet<>();

    Draft(Predicate<StreamRecord> alreadyArchived, boolean keepsReplayed, int maxDays) {
      this.alreadyArchived = alreadyArchived;
      this.keepsReplayed = keepsReplayed;
      this.maxDays = maxDays;
    }

    void take(ShardInput input) {
      String shardId = input.base().key().shardId();
      if (input.base().shard().parents().stream().anyMatch(cutShort::contains)) {
        cutShort.add(shardId);
        return;
      }
      ShardDraft draft = new ShardDraft(input.base());
      Optional<Instant> tipAt = Optional.empty();
      boolean all = true;
      for (PendingBatch batch : input.pending().batches()) {
        if (!takeBatch(draft, batch)) {
          all = false;
          cutShort.add(shardId);
          break;
        }
        tipAt = batch.tipAt().or(tipAtBefore(tipAt));
      }
      if (all) {
        tipAt = input.tipAt().or(tipAtBefore(tipAt));
      }
      taken.put(input.base().key(), draft);
      ShardCheckpoint moved = draft.checkpoint(tipAt, all && input.ends());
      if (!moved.equals(input.base())) {
        checkpoints.add(moved);
      }
    }

    private static java.util.function.Supplier<Optional<Instant>> tipAtBefore(
        Optional<Instant> tipAt) {
      return () -> tipAt;
    }

    /** Takes records up to the first that would need one day too many; whether all were taken. */
    private boolean takeBatch(ShardDraft draft, PendingBatch batch) {
      for (StreamRecord record : batch.records()) {
        LocalDate day = dayOf(record);
        if (!daysSeen.contains(day) && daysSeen.size() >= maxDays && !draft.isInside(record)) {
          return false;
        }
        daysSeen.add(day);
        boolean copy = alreadyArchived.test(record);
        draft.take(copy ? record.asCopy() : record, day, copy && !keepsReplayed);
      }
      return true;
    }

    CommitPlan finish(CommitInput input) {
      SortedMap<LocalDate, DayFile> days = new TreeMap<>();
      taken.values().stream()
          .flatMap(draft -> draft.records.keySet().stream())
          .distinct()
          .forEach(day -> days.put(day, new DayFile(day, new ArrayList<>(), new ArrayList<>())));
      long skipped = taken.values().stream().mapToLong(draft -> draft.skipped).sum();
      if (days.isEmpty() && skipped > 0) {
        // The range that held nothing but replayed records still needs a footer to be in.
        LocalDate day = daysSeen.stream().min(Comparator.naturalOrder()).orElseThrow();
        days.put(day, new DayFile(day, new ArrayList<>(), new ArrayList<>()));
      }
      Map<ShardKey, ShardPosition> through = new TreeMap<>();
      taken.forEach(
          (key, draft) -> {
            draft.writeTo(days);
            draft.last.ifPresent(position -> through.put(key, position));
          });
      List<ShardCheckpoint> all = new ArrayList<>(input.otherCheckpoints());
      Set<ShardKey> moved = new HashSet<>();
      checkpoints.forEach(checkpoint -> moved.add(checkpoint.key()));
      all.removeIf(checkpoint -> moved.contains(checkpoint.key()));
      all.addAll(checkpoints);
      return new CommitPlan(
          days,
          List.copyOf(all),
          input.gaps(),
          through,
          taken.values().stream().mapToLong(draft -> draft.rows).sum(),
          skipped,
          taken.values().stream().mapToLong(draft -> draft.payloadBytes).sum(),
          cutShort.isEmpty());
    }
  }

  /** One shard's part of a plan in the making. */
  private static final class ShardDraft {
    private final ShardCheckpoint base;
    private final SortedMap<LocalDate, List<StreamRecord>> records = new TreeMap<>();
    private final Map<LocalDate, RecordDigest> digests = new TreeMap<>();
    private Optional<ShardPosition> last = Optional.empty();
    private Optional<Instant> lastArrival = Optional.empty();
    private RecordDigest digest = RecordDigest.ZERO;
    private long rows;
    private long skipped;
    private long payloadBytes;

    ShardDraft(ShardCheckpoint base) {
      this.base = base;
    }

    /** Whether the record is part of an aggregated one that was begun: those are never torn. */
    boolean isInside(StreamRecord record) {
      return last.isPresent()
          && last.get().sequenceNumber().equals(record.position().sequenceNumber());
    }

    void take(StreamRecord record, LocalDate day, boolean skip) {
      last = Optional.of(record.position());
      lastArrival = Optional.of(record.arrivalTime());
      if (skip) {
        skipped++;
        return;
      }
      RecordDigest own = RecordDigest.of(record);
      records.computeIfAbsent(day, d -> new ArrayList<>()).add(record);
      digests.merge(day, own, RecordDigest::plus);
      digest = digest.plus(own);
      rows++;
      payloadBytes += record.payload().length;
    }

    ShardCheckpoint checkpoint(Optional<Instant> tipAt, boolean ends) {
      Optional<ShardPosition> position = last.or(() -> base.after().lastPosition());
      After moved =
          ends ? new After.End(position) : last.<After>map(After.At::new).orElse(base.after());
      Optional<Instant> completeThrough =
          tipAt
              .filter(tip -> base.completeThrough().map(tip::isAfter).orElse(true))
              .or(base::completeThrough);
      return new ShardCheckpoint(
          base.shard(),
          moved,
          completeThrough,
          base.rows() + rows,
          base.skipped() + skipped,
          base.digest().plus(digest),
          lastArrival.or(base::lastArrival));
    }

    /** Appends this shard's records and sums to the files; shards come in their order. */
    void writeTo(SortedMap<LocalDate, DayFile> days) {
      if (last.isEmpty()) {
        return;
      }
      if (records.isEmpty()) {
        DayFile first = days.get(days.firstKey());
        if (first != null) {
          first.sums().add(sums(0, skipped, RecordDigest.ZERO));
        }
        return;
      }
      LocalDate firstDay = records.firstKey();
      records.forEach(
          (day, dayRecords) -> {
            DayFile file = days.get(day);
            RecordDigest dayDigest = digests.get(day);
            if (file != null && dayDigest != null) {
              file.records().addAll(dayRecords);
              long counted = day.equals(firstDay) ? skipped : 0;
              file.sums().add(sums(dayRecords.size(), counted, dayDigest));
            }
          });
    }

    private ShardSums sums(long fileRows, long fileSkipped, RecordDigest fileDigest) {
      return new ShardSums(
          base.key(),
          base.after().lastPosition(),
          last.orElseThrow(),
          fileRows,
          fileSkipped,
          fileDigest);
    }
  }
}
