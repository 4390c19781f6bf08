package io.watershed.archive;

import io.watershed.archive.CommitInput.ShardInput;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.ReadBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One unfinished shard: its checkpoint, and what was read beyond it. Used by one step at a time;
 * what others may see is published as {@link PendingShard}.
 */
final class ShardFeed {
  private final PendingRecords published;
  private final boolean firstContact;
  private final ReadTrack track = new ReadTrack();
  private ShardCheckpoint base;
  private List<PendingBatch> batches = List.of();
  private Optional<ShardPosition> high;
  private Optional<Instant> tipAt = Optional.empty();
  private Optional<Instant> tipAskedAt = Optional.empty();
  private Optional<Duration> behind = Optional.empty();
  private long weight;
  private boolean started;
  private boolean drained;
  private boolean lost;
  private Optional<Gap> gap = Optional.empty();

  /**
   * @param firstContact the archive begins with this shard as the stream holds it now: what was
   *     trimmed before is no gap
   */
  ShardFeed(ShardCheckpoint base, boolean firstContact, PendingRecords published) {
    this.base = base;
    this.firstContact = firstContact;
    this.published = published;
    this.high = base.after().lastPosition();
  }

  ShardKey key() {
    return base.key();
  }

  ShardCheckpoint base() {
    return base;
  }

  /** What the reader may take for granted: everything that arrived up to here is archived. */
  Optional<Instant> completeThrough() {
    return firstContact ? Optional.empty() : base.completeThrough();
  }

  /** Reading begins. */
  void start() {
    started = true;
  }

  boolean isStarted() {
    return started;
  }

  /** Whether it was read to its end. */
  boolean isDrained() {
    return drained;
  }

  /** Whether the service does not have it any more. */
  boolean isLost() {
    return lost;
  }

  long weight() {
    return weight;
  }

  boolean hasRecords() {
    return batches.stream().anyMatch(batch -> !batch.records().isEmpty());
  }

  long recordCount() {
    return batches.stream().mapToLong(batch -> batch.records().size()).sum();
  }

  /** The last position read, committed or not. */
  Optional<ShardPosition> high() {
    return high;
  }

  /** The last time a read reached the tip, in this run. */
  Optional<Instant> tipAt() {
    return tipAt;
  }

  /** Where its reader was lately. */
  ReadTrack track() {
    return track;
  }

  Optional<Duration> behind() {
    return behind;
  }

  /**
   * Takes what was read.
   *
   * @param askedAt when the read was asked for
   * @param openUntil when the shard was last known to have no children
   * @param number counts the reads of all shards
   * @throws WatershedException {@code integrity} if the service gives records out of order
   */
  void accept(ReadBatch batch, Instant askedAt, Instant openUntil, long number) {
    checkOrder(batch.records());
    // A closed shard's end says nothing about when: its children may be older than this read. They
    // inherit its time, should nobody get to know of them for long; and it is at its tip too while
    // they fill: so the time holds no longer than the last listing that showed none.
    Optional<Instant> atTip =
        batch.atTip() && !batch.endsShard() ? Optional.of(askedAt) : Optional.empty();
    Optional<Instant> tip =
        atTip
            .map(asked -> asked.isBefore(openUntil) ? asked : openUntil)
            .map(time -> time.truncatedTo(ChronoUnit.MILLIS));
    Duration behindNow = Duration.ofMillis(batch.millisBehindLatest());
    behind = Optional.of(behindNow);
    track.read(askedAt, behindNow, batch.payloadBytes());
    if (!batch.records().isEmpty()) {
      PendingBatch added = PendingBatch.of(batch.records(), tip, number);
      List<PendingBatch> more = new ArrayList<>(batches);
      more.add(added);
      batches = List.copyOf(more);
      weight += added.weight();
      high = Optional.of(batch.records().get(batch.records().size() - 1).position());
    }
    tipAt = tip.or(() -> tipAt);
    tipAskedAt = batch.endsShard() ? Optional.empty() : atTip.or(() -> tipAskedAt);
    drained = batch.endsShard();
    publish();
  }

  /**
   * Something may be missing in what was read. Statements must find that out for themselves, so
   * nothing of the shard is published until the checkpoint is behind the gap.
   */
  void withhold(Gap found) {
    gap = Optional.of(found);
    published.forget(key());
  }

  private static boolean isBehind(After after, Gap gap) {
    return after
        .lastPosition()
        .filter(
            last ->
                gap.afterPosition().equals(Gap.START)
                    || last.compareTo(ShardPosition.parse(gap.afterPosition())) > 0)
        .isPresent();
  }

  /** The shard is gone: what was read is all that will ever come. */
  void lose() {
    lost = true;
    drained = true;
    publish();
  }

  /** Forgets what was read after this read, and that the shard has come to an end. */
  void forgetAfter(long number) {
    batches = batches.stream().filter(batch -> batch.number() <= number).toList();
    weight = batches.stream().mapToLong(PendingBatch::weight).sum();
    tipAt = Optional.empty();
    tipAskedAt = Optional.empty();
    drained = false;
    lost = false;
    List<StreamRecord> last =
        batches.isEmpty() ? List.of() : batches.get(batches.size() - 1).records();
    high =
        last.isEmpty()
            ? base.after().lastPosition()
            : Optional.of(last.get(last.size() - 1).position());
    publish();
  }

  /** This shard's part of a commit. */
  ShardInput input(boolean ends) {
    return new ShardInput(base, snapshot(), tipAt, ends);
  }

  /** A commit moved the checkpoint: what it covers is let go. */
  void committed(ShardCheckpoint moved) {
    base = moved;
    List<PendingBatch> rest = new ArrayList<>();
    for (PendingBatch batch : batches) {
      left(batch, moved.after()).ifPresent(rest::add);
    }
    batches = List.copyOf(rest);
    weight = rest.stream().mapToLong(PendingBatch::weight).sum();
    gap = gap.filter(found -> !isBehind(moved.after(), found));
    if (moved.after().isEnd()) {
      published.forget(key());
    } else {
      publish();
    }
  }

  /** What a checkpoint leaves of a batch, whose records are in order. */
  private static Optional<PendingBatch> left(PendingBatch batch, After after) {
    List<StreamRecord> records = batch.records();
    if (records.isEmpty() || !after.covers(records.get(0).position())) {
      return Optional.of(batch);
    }
    if (after.covers(records.get(records.size() - 1).position())) {
      return Optional.empty();
    }
    List<StreamRecord> left = records.stream().filter(r -> !after.covers(r.position())).toList();
    return Optional.of(PendingBatch.of(left, batch.tipAt(), batch.number()));
  }

  private PendingShard snapshot() {
    return new PendingShard(key(), base.after(), high, drained, tipAskedAt, batches);
  }

  private void publish() {
    if (gap.isEmpty()) {
      published.publish(snapshot());
    }
  }

  private void checkOrder(List<StreamRecord> records) {
    Optional<ShardPosition> last = high;
    for (StreamRecord record : records) {
      if (!record.shard().equals(key())
          || last.filter(l -> record.position().compareTo(l) <= 0).isPresent()) {
        throw new WatershedException(
            ErrorCode.INTEGRITY,
            "Shard " + key() + " gave position " + record.position() + " out of order",
            "Nothing of it was archived. Check what answers as Kinesis under this endpoint.");
      }
      last = Optional.of(record.position());
    }
  }
}
