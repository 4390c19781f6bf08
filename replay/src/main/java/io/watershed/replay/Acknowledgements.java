package io.watershed.replay;

import io.watershed.core.record.ShardPosition;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.PutResult;
import io.watershed.query.RecordScan.ScanPosition;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which records of the scan are done: all up to a point, and some ahead of it, because keys do not
 * wait for each other. Both go into the ledger, so that a run that goes on repeats only what was in
 * flight. What is ahead is written down by its number after the point: the same scan yields the
 * same records in the same order. As large as the writer's buffer. Thread-safe.
 *
 * <p>Order is checked as the point moves, so in archive order.
 */
final class Acknowledgements implements OrderedWriter.Acknowledgements<Acknowledgements.Sent> {
  private final Deque<Sent> open = new ArrayDeque<>();
  private final OrderCheck order;
  private final BitSet aheadBefore;
  private Optional<ScanPosition> through;
  private long acknowledgedThrough;
  private long skippedThrough;
  private long acknowledged;
  private int taken;
  private Optional<ScanPosition> firstTaken = Optional.empty();
  private final Map<String, Trail.Range> target = new HashMap<>();

  /**
   * Goes on from an entry.
   *
   * @param before what earlier processes did
   */
  Acknowledgements(LedgerEntry before, OrderCheck order) {
    this.through = before.through();
    this.aheadBefore = before.ahead();
    this.acknowledgedThrough = before.acknowledged();
    this.skippedThrough = before.skipped();
    this.acknowledged = before.acknowledged() + aheadBefore.cardinality();
    this.order = order;
  }

  /** One record of the scan until the point has passed it. */
  static final class Sent {
    private enum State {
      OPEN,
      SKIPPED,
      WRITTEN_BEFORE,
      WRITTEN
    }

    private final ScanPosition place;
    private final String partitionKey;
    private State state = State.OPEN;
    private OrderCheck.@Nullable Place written;

    private Sent(ScanPosition place, String partitionKey) {
      this.place = place;
      this.partitionKey = partitionKey;
    }
  }

  /**
   * The next record of the scan.
   *
   * @return what to settle when the record is done; empty if it was done by an earlier process
   */
  synchronized Optional<Sent> take(ScanPosition place, String partitionKey) {
    Sent sent = new Sent(place, partitionKey);
    open.add(sent);
    if (!aheadBefore.get(taken++)) {
      firstTaken = firstTaken.or(() -> Optional.of(place));
      return Optional.of(sent);
    }
    sent.state = Sent.State.WRITTEN_BEFORE;
    advance();
    return Optional.empty();
  }

  /** The record is left out. */
  synchronized void skipped(Sent sent) {
    sent.state = Sent.State.SKIPPED;
    advance();
  }

  /** The target has the record here. */
  @Override
  public synchronized void written(Sent sent, String shardId, ShardPosition position) {
    sent.state = Sent.State.WRITTEN;
    sent.written = new OrderCheck.Place(shardId, position);
    acknowledged++;
    Trail.Range range = target.get(shardId);
    if (range != null) {
      target.put(shardId, range.with(position));
    } else if (target.size() < Trail.MAX_SHARDS) {
      target.put(shardId, new Trail.Range(position, position));
    }
    advance();
  }

  /** Said already: behind a slow key this says nothing of the others for long. */
  @Override
  public void acknowledged(Sent sent, PutResult.Written written) {}

  private void advance() {
    while (!open.isEmpty() && open.getFirst().state != Sent.State.OPEN) {
      Sent done = open.removeFirst();
      through = Optional.of(done.place);
      if (done.state == Sent.State.SKIPPED) {
        skippedThrough++;
      } else {
        acknowledgedThrough++;
      }
      if (done.written != null) {
        order.next(done.partitionKey, done.written);
      }
    }
  }

  /** All records acknowledged, those ahead of the point included. */
  synchronized long acknowledged() {
    return acknowledged;
  }

  /** Violations seen up to the point. */
  synchronized long orderViolations() {
    return order.violations();
  }

  /** Whether the target puts one key's records into several open shards. */
  synchronized boolean isScattered() {
    return order.isScattered();
  }

  /** What is done, for the ledger. */
  synchronized Done done() {
    return new Done(
        through, acknowledgedThrough, skippedThrough, ahead(), new Trail(firstTaken, target));
  }

  private BitSet ahead() {
    BitSet ahead = new BitSet();
    int number = 0;
    for (Sent sent : open) {
      // What is left out need not be remembered: it will be left out again.
      ahead.set(
          number++, sent.state == Sent.State.WRITTEN || sent.state == Sent.State.WRITTEN_BEFORE);
    }
    int passed = taken - open.size();
    for (int i = aheadBefore.nextSetBit(taken); i >= 0; i = aheadBefore.nextSetBit(i + 1)) {
      ahead.set(i - passed);
    }
    return ahead;
  }

  /**
   * What is done.
   *
   * @param through everything up to here, in scan order
   * @param acknowledged records acknowledged up to there
   * @param skipped records left out up to there because they are too large
   * @param ahead bit n: the record n + 1 after {@code through} is acknowledged too
   * @param trail from where to where
   */
  record Done(
      Optional<ScanPosition> through, long acknowledged, long skipped, BitSet ahead, Trail trail) {}
}
