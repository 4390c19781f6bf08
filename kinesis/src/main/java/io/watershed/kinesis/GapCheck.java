package io.watershed.kinesis;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The steps of PROTOCOL 2.3 without any I/O: where to read, and what each answer proves.
 *
 * <p>Sequence numbers have no density, so an idle shard and a trimmed one look alike. A record at
 * or before the checkpoint that the stream still gives proves that nothing is missing, because what
 * follows it is contiguous. Else it is a question of time: is the trim horizon later than the time
 * through which everything is archived? Where the horizon is:
 *
 * <ul>
 *   <li>{@code now - retention}, if the checkpoint's record had arrived before that, so that it was
 *       due to be trimmed. So an idle shard is no gap, however long it was idle.
 *   <li>Otherwise the record went early (the retention was shortened for a while, or the clocks
 *       disagree) or its arrival is not known: at the arrival of the first record that is left, or
 *       now if none is. Rather a false alarm than a silent loss.
 *   <li>With no checkpoint yet nothing can have gone early, and it is {@code now - retention}.
 * </ul>
 *
 * <p>The clocks of this machine and of the service differ, and arrival times are approximate
 * (PROTOCOL 1.3): the slack always counts as trimmed.
 */
final class GapCheck {
  /** What to do after an answer. */
  enum Verdict {
    /** The answer says nothing yet: read on. */
    READ_ON,
    /** The position is trimmed: start again at TRIM_HORIZON. */
    RESTART_AT_HORIZON,
    /** Decided: {@link GapCheck#gap()} has the answer; what was read last counts. */
    DECIDED
  }

  static final String TRIMMED = "trimmed";

  private final ShardKey shard;
  private final After after;
  private final Optional<Instant> completeThrough;
  private final Optional<Instant> lastArrival;
  private final Duration retention;
  private final Duration slack;
  private final int maxEmptyReads;

  private boolean atHorizon;
  private int emptyReads;
  private Optional<Gap> gap = Optional.empty();

  /**
   * @param completeThrough everything that arrived up to here is archived
   * @param lastArrival when the checkpoint's record had arrived, if known
   * @param retention of the stream, now
   */
  GapCheck(
      ShardKey shard,
      After after,
      Optional<Instant> completeThrough,
      Optional<Instant> lastArrival,
      Duration retention,
      Duration slack,
      int maxEmptyReads) {
    if (after.isEnd()) {
      throw new IllegalArgumentException("shard " + shard + " is finished");
    }
    this.shard = shard;
    this.after = after;
    this.completeThrough = completeThrough;
    this.lastArrival = lastArrival;
    this.retention = retention;
    this.slack = slack;
    this.maxEmptyReads = maxEmptyReads;
    this.atHorizon = checkpoint().isEmpty();
  }

  /** Where to start reading, now. */
  StartingPoint startingPoint() {
    return atHorizon
        ? new StartingPoint.TrimHorizon()
        : new StartingPoint.At(checkpoint().orElseThrow());
  }

  /** The service does not accept this starting point; false if there is no other. */
  boolean refused() {
    if (atHorizon) {
      return false;
    }
    restart();
    return true;
  }

  /** Looks at one answer. */
  Verdict observe(ReadBatch batch, Instant now) {
    if (!batch.records().isEmpty()) {
      return observeFirst(batch.records().get(0), now);
    }
    emptyReads++;
    boolean nothingWillCome = batch.atTip() || batch.endsShard() || emptyReads >= maxEmptyReads;
    if (!nothingWillCome) {
      return Verdict.READ_ON;
    }
    return atHorizon ? decideByTime(Optional.empty(), now) : restart();
  }

  /** What may be missing; meaningful once decided. */
  Optional<Gap> gap() {
    return gap;
  }

  private Verdict observeFirst(StreamRecord first, Instant now) {
    boolean reachesCheckpoint =
        checkpoint().filter(c -> first.position().sequenceNumber().compareTo(c) <= 0).isPresent();
    if (reachesCheckpoint) {
      return Verdict.DECIDED;
    }
    return atHorizon ? decideByTime(Optional.of(first), now) : restart();
  }

  private Verdict restart() {
    atHorizon = true;
    emptyReads = 0;
    return Verdict.RESTART_AT_HORIZON;
  }

  private Verdict decideByTime(Optional<StreamRecord> first, Instant now) {
    boolean nothingPromised = checkpoint().isEmpty() && completeThrough.isEmpty();
    Instant horizon = horizon(first.map(StreamRecord::arrivalTime), now);
    boolean complete = completeThrough.filter(t -> !t.isBefore(horizon)).isPresent();
    if (!nothingPromised && !complete) {
      gap = Optional.of(gapUntil(horizon, now));
    }
    return Verdict.DECIDED;
  }

  private Instant horizon(Optional<Instant> firstArrival, Instant now) {
    Instant byRetention = now.minus(retention).plus(slack);
    boolean due = lastArrival.filter(arrival -> arrival.isBefore(byRetention)).isPresent();
    boolean unknownAndEmpty = lastArrival.isEmpty() && firstArrival.isEmpty();
    if (checkpoint().isEmpty() || due || unknownAndEmpty) {
      return byRetention;
    }
    return firstArrival.map(arrival -> arrival.plus(slack)).filter(now::isAfter).orElse(now);
  }

  private Gap gapUntil(Instant until, Instant now) {
    String position = after.lastPosition().map(ShardPosition::text).orElse("START");
    return new Gap(shard, position, completeThrough, Optional.of(until), TRIMMED, now);
  }

  private Optional<SequenceNumber> checkpoint() {
    return after.lastPosition().map(ShardPosition::sequenceNumber);
  }
}
