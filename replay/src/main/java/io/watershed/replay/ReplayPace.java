package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.OptionalDouble;

/**
 * How fast a replay may write.
 *
 * @param quotaShare part of the target's write quota (1,000 records and 1 MB a second for each open
 *     shard) to use: above 0, at most 1
 * @param maxRecordsPerSecond a further bound, if wanted
 */
public record ReplayPace(double quotaShare, OptionalDouble maxRecordsPerSecond) {
  /** Half of the quota: the rest is left to live producers. */
  public static final ReplayPace DEFAULT = new ReplayPace(0.5, OptionalDouble.empty());

  /**
   * @throws WatershedException {@code invalid-input} if a value is out of range
   */
  public ReplayPace {
    if (!(quotaShare > 0) || quotaShare > 1 || !(maxRecordsPerSecond.orElse(1) > 0)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "A replay's pace is a share of the target's quota above 0 and up to 1, and a rate above 0",
          "Write 0.5 for half of what the target's shards accept.");
    }
  }
}
