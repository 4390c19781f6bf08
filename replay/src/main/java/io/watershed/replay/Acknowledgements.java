package io.watershed.replay;

import io.watershed.consumer.Version;
import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.PutResult;
import io.watershed.query.RecordScan.ScanPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which records of the scan are done: in each shard all up to a point, and some ahead of it,
 * because keys do not wait for each other. Both go into the ledger, so that a run that goes on
 * repeats only what was in flight. What is ahead is written down by its number after its shard's
 * point: the same scan yields the same records of a shard in the same order, however its shards
 * alternate. As large as the writer's buffer. Thread-safe.
 *
 * <p>Order is checked as a further point moves, that of all records in the order in which they were
 * taken: of each key, archive order.
 */
final class Acknowledgements implements OrderedWriter.Acknowledgements<Acknowledgements.Sent> {
  private final Deque<Sent> open = new ArrayDeque<>();
  private final Map<ShardKey, Shard> shards = new HashMap<>();
  private final OrderCheck order;
  private Optional<ScanPosition> through;
  private long acknowledgedThrough;
  private long skippedThrough;
  private long supersededThrough;
  private long superseded;
  private long acknowledged;
  private Optional<ScanPosition> firstTaken = Optional.empty();
  private final Map<String, Trail.Range> target = new HashMap<>();
  private final List<Superseded> toList = new ArrayList<>();

  /**
   * Goes on from an entry.
   *
   * @param before what earlier processes did
   */
  Acknowledgements(LedgerEntry before, OrderCheck order) {
    this.through = before.through();
    before.shards().forEach((key, point) -> shards.put(key, new Shard(point)));
    this.acknowledgedThrough = before.acknowledged();
    this.skippedThrough = before.skipped();
    this.supersededThrough = before.superseded();
    this.superseded = before.superseded();
    this.acknowledged = before.allAcknowledged();
    this.order = order;
  }

  /** One record of the scan until the point has passed it. */
  static final class Sent {
    private enum State {
      OPEN,
      SKIPPED,
      SUPERSEDED,
      WRITTEN_BEFORE,
      WRITTEN
    }

    private final ScanPosition place;
    private final String partitionKey;
    private State state = State.OPEN;
    private OrderCheck.@Nullable Place written;
    private @Nullable Version newer;

    private Sent(ScanPosition place, String partitionKey) {
      this.place = place;
      this.partitionKey = partitionKey;
    }
  }

  /** The records of one shard that its point has not passed. */
  private static final class Shard {
    private final Deque<Sent> open = new ArrayDeque<>();
    private final BitSet aheadBefore;
    private After after;
    private int taken;

    Shard(ShardPoint before) {
      after = before.after();
      aheadBefore = before.ahead();
    }

    /** Adds the next record; whether an earlier process has written it. */
    boolean take(Sent sent) {
      open.add(sent);
      return aheadBefore.get(taken++);
    }

    ShardPoint point() {
      return new ShardPoint(after, writtenAhead());
    }

    private BitSet writtenAhead() {
      BitSet ahead = new BitSet();
      int number = 0;
      for (Sent sent : open) {
        // What is left out need not be remembered: whether it is left out is decided again.
        ahead.set(
            number++, sent.state == Sent.State.WRITTEN || sent.state == Sent.State.WRITTEN_BEFORE);
      }
      int passed = taken - open.size();
      for (int i = aheadBefore.nextSetBit(taken); i >= 0; i = aheadBefore.nextSetBit(i + 1)) {
        ahead.set(i - passed);
      }
      return ahead;
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
    if (!shard(place.shard()).take(sent)) {
      firstTaken = firstTaken.or(() -> Optional.of(place));
      return Optional.of(sent);
    }
    sent.state = Sent.State.WRITTEN_BEFORE;
    advance(sent);
    return Optional.empty();
  }

  /** The record is left out: it is too large. */
  synchronized void skipped(Sent sent) {
    sent.state = Sent.State.SKIPPED;
    advance(sent);
  }

  /** The record is left out: the target holds this newer version of its key. */
  synchronized void superseded(Sent sent, Version newer) {
    sent.state = Sent.State.SUPERSEDED;
    sent.newer = newer;
    superseded++;
    advance(sent);
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
    advance(sent);
  }

  /** Said already: behind a slow key this says nothing of the others for long. */
  @Override
  public void acknowledged(Sent sent, PutResult.Written written) {}

  private Shard shard(ShardKey key) {
    return shards.computeIfAbsent(
        key, k -> new Shard(new ShardPoint(new After.Start(), new BitSet())));
  }

  private void advance(Sent settled) {
    Shard shard = shard(settled.place.shard());
    while (isSettled(shard.open.peekFirst())) {
      Sent done = shard.open.removeFirst();
      shard.after = new After.At(done.place.position());
      count(done);
    }
    while (isSettled(open.peekFirst())) {
      Sent done = open.removeFirst();
      through = Optional.of(done.place);
      if (done.written != null) {
        order.next(done.partitionKey, done.written);
      }
    }
  }

  private static boolean isSettled(@Nullable Sent sent) {
    return sent != null && sent.state != Sent.State.OPEN;
  }

  private void count(Sent done) {
    if (done.state == Sent.State.SKIPPED) {
      skippedThrough++;
    } else if (done.newer != null) {
      supersededThrough++;
      toList.add(new Superseded(done.place, done.newer));
    } else {
      acknowledgedThrough++;
    }
  }

  /** All records acknowledged, those ahead of their points included. */
  synchronized long acknowledged() {
    return acknowledged;
  }

  /** All records left out as superseded, those ahead of their points included. */
  synchronized long superseded() {
    return superseded;
  }

  /** Records taken since the oldest one that is not done. */
  synchronized int ahead() {
    return open.size();
  }

  /** Violations seen up to the point of all records. */
  synchronized long orderViolations() {
    return order.violations();
  }

  /** Whether the target puts one key's records into several open shards. */
  synchronized boolean isScattered() {
    return order.isScattered();
  }

  /** What is done, for the ledger. */
  synchronized Done done() {
    Map<ShardKey, ShardPoint> points = new HashMap<>();
    shards.forEach((key, shard) -> points.put(key, shard.point()));
    return new Done(
        through,
        points,
        acknowledgedThrough,
        skippedThrough,
        supersededThrough,
        List.copyOf(toList),
        new Trail(firstTaken, target));
  }

  /** What was done is in the ledger: what is listed there is not listed again. */
  synchronized void entered(Done done) {
    toList.subList(0, done.toList().size()).clear();
  }

  /**
   * What is done.
   *
   * @param through every record that was taken up to this one
   * @param shards how far each shard has come
   * @param acknowledged records acknowledged up to the shards' points
   * @param skipped records left out up to there because they are too large
   * @param superseded records left out up to there because the target holds newer ones
   * @param toList the last ones of these, which no entry has listed
   * @param trail from where to where
   */
  record Done(
      Optional<ScanPosition> through,
      Map<ShardKey, ShardPoint> shards,
      long acknowledged,
      long skipped,
      long superseded,
      List<Superseded> toList,
      Trail trail) {
    /** Nothing more than an entry says already. */
    static Done of(LedgerEntry entry) {
      return new Done(
          entry.through(),
          entry.shards(),
          entry.acknowledged(),
          entry.skipped(),
          entry.superseded(),
          List.of(),
          Trail.NONE);
    }

    /** Records acknowledged, those ahead of their points included. */
    long allAcknowledged() {
      return acknowledged + LedgerEntry.ahead(shards);
    }
  }

  /**
   * A record that was left out.
   *
   * @param newer what the target holds
   */
  record Superseded(ScanPosition place, Version newer) {}
}
