package io.watershed.query;

import io.watershed.core.record.ShardKey;
import io.watershed.query.ScanWindows.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One part of a scan that is sorted as a whole.
 *
 * @param number from 0, in scan order
 * @param shard whose records they are
 * @param window archived ones; empty for the shard's live records, which follow all of them
 */
record ScanStep(int number, ShardKey shard, Optional<Window> window) {
  /** All steps in scan order: of each shard its windows, then what is live. */
  static List<ScanStep> of(List<ShardKey> shards, ScanWindows windows) {
    List<ScanStep> steps = new ArrayList<>();
    for (ShardKey shard : shards) {
      for (Window window : windows.of(shard)) {
        steps.add(new ScanStep(steps.size(), shard, Optional.of(window)));
      }
      steps.add(new ScanStep(steps.size(), shard, Optional.empty()));
    }
    return steps;
  }
}
