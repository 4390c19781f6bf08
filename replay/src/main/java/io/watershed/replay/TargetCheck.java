package io.watershed.replay;

import io.watershed.core.config.ReplayGuards;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamDescription;
import java.util.Set;

/** Whether a stream may be written to, before the first record is. */
final class TargetCheck {
  private static final Set<String> WRITABLE = Set.of("ACTIVE", "UPDATING");

  private TargetCheck() {}

  /** Refuses a target that does not accept records now. */
  static void requireWritable(StreamDescription target) {
    if (!WRITABLE.contains(target.status())) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target stream " + target.name() + " is " + target.status() + ", not ACTIVE",
          "Wait until it is active, or name another target.");
    }
  }

  /** Refuses a target that the configuration does not allow. */
  static void requireAllowed(StreamDescription target, ReplayGuards guards) {
    if (!guards.allows(target.name(), target.incarnation().arn())) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target "
              + target.incarnation().arn()
              + " is none that the configuration allows: "
              + String.join(", ", guards.targets()),
          "Name one of these, or add it to 'replay_targets'.");
    }
  }

  /** Refuses a plan of more records than somebody wants. */
  static void requireFew(ReplayPlan plan, long maxRecords) {
    if (plan.toSend() > maxRecords) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "The plan selects " + plan.toSend() + " records; the limit is " + maxRecords,
          "Select fewer, or raise --max-records or 'replay_max_records'.");
    }
  }

  /**
   * Refuses the source as target unless it is allowed.
   *
   * @param isSource whether the archive was filled from this stream
   */
  static void requireOther(StreamDescription target, boolean isSource, boolean allowed) {
    if (isSource && !allowed) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target "
              + target.name()
              + " is the source itself: all of its consumers would"
              + " receive the old records among the new ones",
          "Name another target, or allow the source if every consumer compares origins"
              + " (docs/replay.md).");
    }
  }

  /** Refuses a target that is not the one the plan was made for. */
  static void requirePlanned(StreamDescription target, ReplayPlan plan) {
    requireWritable(target);
    if (!target.incarnation().id().equals(plan.to().incarnation())) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target is "
              + target.incarnation().id()
              + ", but the plan was made for "
              + plan.to().incarnation(),
          "The stream was created again since, or the name means another one here: plan again.");
    }
    if (target.maxRecordBytes() < plan.maxRecordBytes()) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target's record limit went down from "
              + plan.maxRecordBytes()
              + " to "
              + target.maxRecordBytes()
              + " bytes since the plan was made",
          "Raise the limit again, or plan again.");
    }
  }
}
