package io.watershed.replay;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.ScannedRecord;
import io.watershed.reservoir.replays.SupersededRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what is on a target with what a plan says, independently of the run's own counts: every
 * record read from the target is unwrapped, and the first appearance of each origin is held against
 * the archive's order. Feed it with {@link #seen} in the target's order per shard, parents before
 * children, then ask for the {@link #report}.
 *
 * <p>Holds one entry per record of the plan in memory, so it is bounded.
 */
final class ReplayAudit {
  /** The most copies that one audit holds. */
  static final int MAX_RECORDS = 5_000_000;

  private final ReplayPlan plan;
  private final RecordWrapper wrapper;
  private final String replayId;
  private final long firstEpoch;
  private final Set<Position> leftOut = new HashSet<>();
  private final Map<Position, First> firsts = new HashMap<>();

  ReplayAudit(ReplayPlan plan) {
    this(plan, 0);
  }

  /**
   * Of one run.
   *
   * @param firstEpoch what earlier owners sent belongs to earlier runs of the plan
   */
  ReplayAudit(ReplayPlan plan, long firstEpoch) {
    if (plan.envelope() == EnvelopeMode.NONE) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Replay " + plan.id() + " sent no envelopes, so its records cannot be told from others",
          "Audit a replay that was made with envelopes.");
    }
    this.plan = plan;
    this.wrapper = RecordWrapper.longest(plan.delivery());
    this.replayId = plan.id();
    this.firstEpoch = firstEpoch;
  }

  /** A record that the run listed as superseded. */
  void leftOut(SupersededRecord record) {
    requireRoom(leftOut.size());
    ShardPosition position = ShardPosition.parse(record.place().position());
    leftOut.add(
        new Position(
            record.place().incarnation(),
            record.place().shard(),
            position.sequenceNumber().decimal(),
            position.subSequenceNumber()));
  }

  private void requireRoom(int held) {
    if (held >= MAX_RECORDS) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "The audit of replay " + replayId + " holds at most " + MAX_RECORDS + " records",
          "Replay in several plans, by time, and audit each.");
    }
  }

  /** The first appearance of an origin on the target. */
  private static final class First {
    private final ShardPosition place;
    private final String partitionKey;
    private final String sha256;
    private final boolean intact;
    private long copies = 1;
    private boolean planned;

    private First(ShardPosition place, String partitionKey, String sha256, boolean intact) {
      this.place = place;
      this.partitionKey = partitionKey;
      this.sha256 = sha256;
      this.intact = intact;
    }

    private boolean isCopyOf(StreamRecord record, String key) {
      return intact && partitionKey.equals(key) && sha256.equals(Envelope.sha256(record.payload()));
    }
  }

  /** A record that the target holds; of other replays and live ones nothing is kept. */
  void seen(StreamRecord record) {
    Optional<Envelope> found =
        Envelope.unwrap(record.payload())
            .filter(e -> e.header().replayId().equals(replayId))
            .filter(e -> e.header().epoch() >= firstEpoch);
    if (found.isEmpty()) {
      return;
    }
    Envelope envelope = found.get();
    First first = firsts.get(envelope.header().origin());
    if (first != null) {
      first.copies++;
      return;
    }
    requireRoom(firsts.size());
    firsts.put(
        envelope.header().origin(),
        new First(
            record.position(), record.partitionKey(), envelope.sha256(), envelope.isIntact()));
  }

  /**
   * Compares with what was to be sent.
   *
   * @param selected the plan's records in archive order
   */
  AuditReport report(Iterator<ScannedRecord> selected) {
    Map<String, ShardPosition> highest = new HashMap<>();
    long count = 0;
    long present = 0;
    long superseded = 0;
    long missing = 0;
    long damaged = 0;
    long violations = 0;
    while (selected.hasNext()) {
      ScannedRecord row = selected.next();
      if (wrapper.size(row) > plan.maxRecordBytes()) {
        continue; // it was not to be sent
      }
      StreamRecord record = row.record();
      count++;
      Position origin = RecordWrapper.origin(record);
      First first = firsts.get(origin);
      if (first == null) {
        boolean listed = leftOut.contains(origin);
        superseded += listed ? 1 : 0;
        missing += listed ? 0 : 1;
        continue;
      }
      first.planned = true;
      if (first.isCopyOf(record, wrapper.partitionKey(row))) {
        present++;
      } else {
        damaged++;
      }
      ShardPosition before = highest.get(wrapper.orderedKey(row));
      if (before != null && first.place.compareTo(before) < 0) {
        violations++;
      } else {
        highest.put(wrapper.orderedKey(row), first.place);
      }
    }
    long unexpected =
        firsts.values().stream().filter(f -> !f.planned).mapToLong(f -> f.copies).sum();
    long duplicates =
        firsts.values().stream().filter(f -> f.planned).mapToLong(f -> f.copies - 1).sum();
    return new AuditReport(
        count, present, superseded, missing, duplicates, damaged, unexpected, violations);
  }
}
