package io.watershed.archive.verify;

import static io.watershed.archive.verify.ShardRange.START_FIRST;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.DroppedRecords;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Checks that the ranges in the footers cover each shard from START to its checkpoint, and that
 * their sums are the checkpoint's (PROTOCOL 3.7). The files of one commit, one per UTC day, share
 * the range of the commit; files that maintenance wrote have wider ranges, and whole days may have
 * been dropped ({@code docs/archive-table.md}). Pure.
 */
final class Tiling {
  private final Findings findings;
  private final Map<ShardKey, DroppedRecords> dropped;
  private final SortedMap<ShardKey, List<ShardRange>> shards = new TreeMap<>();

  Tiling(Findings findings, Map<ShardKey, DroppedRecords> dropped) {
    this.findings = findings;
    this.dropped = dropped;
  }

  void add(Footer footer) {
    for (ShardSums sums : footer.sums().shards()) {
      shards
          .computeIfAbsent(sums.shard(), key -> new ArrayList<>())
          .add(new ShardRange(footer, sums));
    }
  }

  /** Ranges of shards that have no checkpoint at all. */
  void checkStrangers(SortedMap<ShardKey, ShardCheckpoint> checkpoints) {
    shards.forEach(
        (shard, found) -> {
          if (!checkpoints.containsKey(shard)) {
            findings.add(
                Kind.BEYOND_CHECKPOINT,
                shard,
                found.get(0).file(),
                "A file holds records of " + shard + ", which has no checkpoint");
          }
        });
  }

  /** The shard's ranges in order; what is wrong with them is among the findings. */
  List<ShardRange> check(ShardCheckpoint checkpoint) {
    List<ShardRange> ranges =
        shards.getOrDefault(checkpoint.key(), Collections.emptyList()).stream()
            .sorted(ShardRange.IN_ORDER)
            .toList();
    checkCover(checkpoint, ranges);
    boolean sumsDiffer = checkSums(checkpoint, ranges);
    checkOverlaps(ranges, sumsDiffer);
    return ranges;
  }

  private void checkCover(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
    ShardKey shard = checkpoint.key();
    Optional<ShardPosition> gone =
        Optional.ofNullable(dropped.get(shard)).map(DroppedRecords::through);
    Optional<ShardPosition> reached = Optional.empty();
    for (ShardRange range : ranges) {
      if (START_FIRST.compare(range.from(), reached) > 0
          && START_FIRST.compare(range.from(), gone) > 0) {
        findings.add(
            Kind.RANGE_HOLE,
            shard,
            range.file(),
            "No file covers what lies between " + text(reached) + " and " + text(range.from()));
      }
      if (START_FIRST.compare(Optional.of(range.through()), reached) > 0) {
        reached = Optional.of(range.through());
      }
    }
    Optional<ShardPosition> after = checkpoint.after().lastPosition();
    int order = START_FIRST.compare(reached, after);
    if (order < 0 && START_FIRST.compare(after, gone) > 0) {
      findings.add(
          Kind.RANGE_HOLE,
          shard,
          "No file covers what lies between "
              + text(reached)
              + " and the checkpoint "
              + text(after));
    } else if (order > 0) {
      findings.add(
          Kind.BEYOND_CHECKPOINT,
          shard,
          "Files reach " + text(reached) + ", but the checkpoint is " + text(after));
    }
  }

  /** Whether they differ. */
  private boolean checkSums(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
    DroppedRecords gone = dropped.get(checkpoint.key());
    long rows = gone == null ? 0 : gone.rows();
    long skipped = gone == null ? 0 : gone.skipped();
    RecordDigest digest = gone == null ? RecordDigest.ZERO : gone.digest();
    for (ShardRange range : ranges) {
      rows += range.sums().rows();
      skipped += range.sums().skipped();
      digest = digest.plus(range.sums().digest());
    }
    boolean differ =
        rows != checkpoint.rows()
            || skipped != checkpoint.skipped()
            || !digest.equals(checkpoint.digest());
    if (differ) {
      findings.add(
          Kind.SUMS_DIFFER,
          checkpoint.key(),
          "The files%s hold %d records (%d skipped, digest %s); the checkpoint says %d (%d, %s)"
              .formatted(
                  gone == null ? "" : " and what was dropped",
                  rows,
                  skipped,
                  digest.hex(),
                  checkpoint.rows(),
                  checkpoint.skipped(),
                  checkpoint.digest().hex()));
    }
    return differ;
  }

  /** Two commits never overlap. Rewritten files may, and are named only if the sums are wrong. */
  private void checkOverlaps(List<ShardRange> ranges, boolean sumsDiffer) {
    List<ShardRange> open = new ArrayList<>();
    for (ShardRange range : ranges) {
      open.removeIf(o -> START_FIRST.compare(Optional.of(o.through()), range.from()) <= 0);
      for (ShardRange other : open) {
        checkPair(range, other, sumsDiffer);
      }
      open.add(range);
    }
  }

  private void checkPair(ShardRange range, ShardRange other, boolean sumsDiffer) {
    ShardKey shard = range.sums().shard();
    boolean rewritten = range.isRewritten() || other.isRewritten();
    if (range.isOfDay(other) && range.isCopy(other)) {
      findings.add(
          Kind.FILE_TWICE,
          shard,
          range.file(),
          "Holds the same records as " + other.file() + ": one is a copy of the other");
    } else if (rewritten ? sumsDiffer && range.isOfDay(other) : isTwice(range, other)) {
      findings.add(
          Kind.RANGE_OVERLAP,
          shard,
          range.file(),
          "Two commits cover what lies between "
              + text(range.from())
              + " and "
              + least(range.through(), other.through()).text()
              + ": the other one is in "
              + other.file());
    }
  }

  /** The files of one commit share its range, whatever their days. */
  private static boolean isTwice(ShardRange range, ShardRange other) {
    return !range.hasRange(other) || (range.isOfDay(other) && !range.isOfCommit(other));
  }

  private static ShardPosition least(ShardPosition one, ShardPosition other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String text(Optional<ShardPosition> position) {
    return position.map(ShardPosition::text).orElse("START");
  }
}
