package io.watershed.query;

import io.watershed.core.record.ShardKey;
import io.watershed.cut.CutFile;
import io.watershed.query.ScanWindows.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One part of a scan that is sorted as a whole.
 *
 * @param number from 0, in scan order
 * @param parts at least one, each of another shard
 */
record ScanStep(int number, List<Part> parts) {
  /**
   * What a step has of a shard.
   *
   * @param shard whose records they are
   * @param window archived ones; empty for the shard's live records, which follow all of them and
   *     are a step of their own
   */
  record Part(ShardKey shard, Optional<Window> window) {}

  ScanStep {
    parts = List.copyOf(parts);
  }

  /** Shard by shard, of each its windows, then what is live. */
  static List<ScanStep> shardByShard(List<ShardKey> shards, ScanWindows windows) {
    List<ScanStep> steps = new ArrayList<>();
    for (ShardKey shard : shards) {
      for (Window window : windows.of(shard)) {
        steps.add(new ScanStep(steps.size(), List.of(new Part(shard, Optional.of(window)))));
      }
      steps.add(new ScanStep(steps.size(), List.of(new Part(shard, Optional.empty()))));
    }
    return steps;
  }

  /** Whether it is about live records. */
  boolean isLive() {
    return parts.get(0).window().isEmpty();
  }

  /** Every file that holds records of the step. */
  List<CutFile> files() {
    return parts.stream()
        .flatMap(part -> part.window().stream())
        .flatMap(window -> window.files().stream())
        .distinct()
        .toList();
  }

  /** The same with some of its parts. */
  ScanStep only(List<Part> some) {
    return new ScanStep(number, some);
  }
}
