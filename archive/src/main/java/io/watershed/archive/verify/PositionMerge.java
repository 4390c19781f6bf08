package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proves that no position is archived twice, by merging the sorted positions of each shard's files.
 * Footers say which range each file holds, so a shard is merged up to the lowest range that is
 * still to come, and only files whose ranges overlap are kept. Not thread-safe.
 */
final class PositionMerge {
  private static final byte[] LOWEST = new byte[PositionBytes.LENGTH];

  private final Findings findings;
  private final Map<ShardKey, ShardMerge> shards = new HashMap<>();

  /**
   * @param footers of every file that {@link #add} will be called for
   */
  PositionMerge(List<Footer> footers, Findings findings) {
    this.findings = findings;
    for (Footer footer : footers) {
      for (ShardSums sums : footer.sums().shards()) {
        shards.computeIfAbsent(sums.shard(), ShardMerge::new).expect(sums.from());
      }
    }
  }

  /** Takes the positions of one file, and merges what can be merged now. */
  void add(Footer footer, Map<ShardKey, List<PositionRun>> runs) {
    runs.forEach((shard, sorted) -> shards.computeIfAbsent(shard, ShardMerge::new).take(sorted));
    for (ShardSums sums : footer.sums().shards()) {
      ShardMerge merge = shards.get(sums.shard());
      if (merge != null) {
        merge.arrived(sums.from());
      }
    }
  }

  /** Merges the rest. */
  void finish() {
    shards.values().forEach(ShardMerge::finish);
  }

  private static byte[] bytes(Optional<ShardPosition> from) {
    return from.map(PositionBytes::of).orElse(LOWEST);
  }

  private final class ShardMerge {
    private final ShardKey shard;
    private final TreeMap<byte[], Integer> expected = new TreeMap<>(Arrays::compareUnsigned);
    private final PriorityQueue<PositionRun> runs = new PriorityQueue<>();
    private byte @Nullable [] last;
    private String lastFile = "";

    ShardMerge(ShardKey shard) {
      this.shard = shard;
    }

    void expect(Optional<ShardPosition> from) {
      expected.merge(bytes(from), 1, Integer::sum);
    }

    void take(List<PositionRun> sorted) {
      runs.addAll(sorted);
    }

    void arrived(Optional<ShardPosition> from) {
      expected.computeIfPresent(bytes(from), (k, count) -> count > 1 ? count - 1 : null);
      mergeThrough(expected.isEmpty() ? null : expected.firstKey());
    }

    void finish() {
      mergeThrough(null);
    }

    private void mergeThrough(byte @Nullable [] bound) {
      while (!runs.isEmpty() && isWithin(runs.element().head(), bound)) {
        PositionRun run = runs.remove();
        see(run.head(), run.file());
        if (isAlone(run) && isWithin(run.last(), bound)) {
          last = run.last();
          lastFile = run.file();
          run.close();
        } else if (run.next()) {
          runs.add(run);
        } else {
          run.close();
        }
      }
    }

    /** Whether all that is left of the run comes before any other's next position. */
    private boolean isAlone(PositionRun run) {
      return run.isStrict()
          && (runs.isEmpty() || PositionBytes.compare(run.last(), runs.element().head()) < 0);
    }

    private static boolean isWithin(byte[] position, byte @Nullable [] bound) {
      return bound == null || PositionBytes.compare(position, bound) <= 0;
    }

    private void see(byte[] position, String file) {
      if (last != null && PositionBytes.compare(last, position) == 0) {
        findings.add(
            Kind.RECORD_TWICE,
            shard,
            file,
            "Position "
                + PositionBytes.read(position)
                + " is archived twice: "
                + (file.equals(lastFile) ? "in this file" : "in " + lastFile + " too"));
      }
      last = position;
      lastFile = file;
    }
  }
}
