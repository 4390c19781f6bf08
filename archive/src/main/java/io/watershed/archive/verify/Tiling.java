package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Checks that the ranges in the footers tile each shard from START to its checkpoint, and that
 * their sums are the checkpoint's (PROTOCOL 3.7). The files of one commit, one per UTC day, share
 * the range of the commit. Pure.
 */
final class Tiling {
  private final Findings findings;
  private final SortedMap<ShardKey, List<Share>> shares = new TreeMap<>();

  private record Share(ShardSums sums, LocalDate day, String file) {}

  private record Range(Optional<ShardPosition> from, ShardPosition through) {}

  Tiling(Findings findings) {
    this.findings = findings;
  }

  void add(Footer footer) {
    for (ShardSums sums : footer.sums().shards()) {
      shares
          .computeIfAbsent(sums.shard(), key -> new ArrayList<>())
          .add(new Share(sums, footer.file().day(), footer.file().key()));
    }
  }

  /** Ranges of shards that have no checkpoint at all. */
  void checkStrangers(SortedMap<ShardKey, ShardCheckpoint> checkpoints) {
    shares.forEach(
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
    List<ShardRange> ranges = ranges(checkpoint.key());
    Optional<ShardPosition> reached = Optional.empty();
    for (ShardRange range : ranges) {
      int order = compare(range.from(), reached);
      if (order != 0) {
        findings.add(
            order > 0 ? Kind.RANGE_HOLE : Kind.RANGE_OVERLAP,
            checkpoint.key(),
            range.files().get(0),
            (order > 0 ? "No file covers" : "Two commits cover")
                + " what lies between "
                + text(order > 0 ? reached : range.from())
                + " and "
                + text(order > 0 ? range.from() : reached));
      }
      if (compare(Optional.of(range.through()), reached) > 0) {
        reached = Optional.of(range.through());
      }
    }
    checkEnd(checkpoint, reached);
    checkSums(checkpoint, ranges);
    return ranges;
  }

  private void checkEnd(ShardCheckpoint checkpoint, Optional<ShardPosition> reached) {
    Optional<ShardPosition> after = checkpoint.after().lastPosition();
    int order = compare(reached, after);
    if (order < 0) {
      findings.add(
          Kind.RANGE_HOLE,
          checkpoint.key(),
          "No file covers what lies between "
              + text(reached)
              + " and the checkpoint "
              + text(after));
    } else if (order > 0) {
      findings.add(
          Kind.BEYOND_CHECKPOINT,
          checkpoint.key(),
          "Files reach " + text(reached) + ", but the checkpoint is " + text(after));
    }
  }

  private void checkSums(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
    long rows = 0;
    long skipped = 0;
    RecordDigest digest = RecordDigest.ZERO;
    for (ShardRange range : ranges) {
      rows += range.rows();
      skipped += range.skipped();
      digest = digest.plus(range.digest());
    }
    if (rows != checkpoint.rows()
        || skipped != checkpoint.skipped()
        || !digest.equals(checkpoint.digest())) {
      findings.add(
          Kind.SUMS_DIFFER,
          checkpoint.key(),
          "The files hold %d records (%d skipped, digest %s); the checkpoint says %d (%d, %s)"
              .formatted(
                  rows,
                  skipped,
                  digest.hex(),
                  checkpoint.rows(),
                  checkpoint.skipped(),
                  checkpoint.digest().hex()));
    }
  }

  private List<ShardRange> ranges(ShardKey shard) {
    Map<Range, List<Share>> byRange = new LinkedHashMap<>();
    for (Share share : shares.getOrDefault(shard, Collections.emptyList())) {
      byRange
          .computeIfAbsent(
              new Range(share.sums().from(), share.sums().through()), key -> new ArrayList<>())
          .add(share);
    }
    List<ShardRange> ranges = new ArrayList<>();
    byRange.forEach((range, found) -> ranges.add(merge(shard, range, found)));
    ranges.sort(
        Comparator.comparing(ShardRange::through).thenComparing(ShardRange::from, Tiling::compare));
    return ranges;
  }

  private ShardRange merge(ShardKey shard, Range range, List<Share> found) {
    long rows = 0;
    long skipped = 0;
    RecordDigest digest = RecordDigest.ZERO;
    Map<LocalDate, String> days = new TreeMap<>();
    for (Share share : found) {
      rows += share.sums().rows();
      skipped += share.sums().skipped();
      digest = digest.plus(share.sums().digest());
      String other = days.putIfAbsent(share.day(), share.file());
      if (other != null) {
        findings.add(
            Kind.RANGE_OVERLAP,
            shard,
            share.file(),
            "Holds the same range and day as " + other + ": these records are archived twice");
      }
    }
    return new ShardRange(
        range.from(),
        range.through(),
        rows,
        skipped,
        digest,
        found.stream().map(Share::file).toList());
  }

  private static int compare(Optional<ShardPosition> one, Optional<ShardPosition> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isPresent(), other.isPresent());
    }
    return one.get().compareTo(other.get());
  }

  private static String text(Optional<ShardPosition> position) {
    return position.map(ShardPosition::text).orElse("START");
  }
}
