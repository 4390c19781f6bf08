package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMode;
import io.watershed.cut.PinnedShard;
import io.watershed.cut.PinnedStream;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScanRequest;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Delivers what the archive holds. Each pass is a scan of one cut that ends at the checkpoints of
 * its snapshot: these are the seam, and the live side goes on right after them (PROTOCOL 5.1). One
 * thread.
 */
final class ArchiveSide {
  private final QueryEngine engine;
  private final Reservoir reservoir;
  private final FollowRequest request;
  private final Progress progress;
  private final Delivery delivery;

  ArchiveSide(
      QueryEngine engine,
      Reservoir reservoir,
      FollowRequest request,
      Progress progress,
      Delivery delivery) {
    this.engine = engine;
    this.reservoir = reservoir;
    this.request = request;
    this.progress = progress;
    this.delivery = delivery;
  }

  /** The archive as it is now; empty if there is none, or nothing in it. */
  Optional<TableState> load() {
    return reservoir
        .find(request.stream())
        .map(ArchiveTable::load)
        .filter(state -> !state.checkpoints().isEmpty());
  }

  /** Delivers all shards, parents before children, and moves each to its seam. */
  void deliverAll(TableState before) {
    progress.inArchive(true);
    pass(before, key -> true, progress.since());
    progress.inArchive(false);
  }

  /**
   * Delivers what the archive holds of one shard beyond its place: what the stream has trimmed is
   * no gap if it is archived (PROTOCOL 5.2). A pass ends at the checkpoint that it set out for, so
   * that each one needs a newer checkpoint, and none is repeated.
   *
   * @return whether the archive was ahead
   * @throws WatershedException {@code internal} if the pass ended before that checkpoint
   */
  boolean deliver(ShardKey key) {
    Optional<TableState> state = load();
    Optional<ShardCheckpoint> checkpoint =
        state.flatMap(s -> Optional.ofNullable(s.checkpoints().get(key)));
    if (state.isEmpty() || checkpoint.isEmpty() || !isAhead(checkpoint.get(), key)) {
      return false;
    }
    pass(state.get(), key::equals, later(progress.since(), progress.place(key).begin()));
    if (isAhead(checkpoint.get(), key)) {
      throw endedEarly(checkpoint.get(), progress.place(key));
    }
    return true;
  }

  private WatershedException endedEarly(ShardCheckpoint checkpoint, ShardPlace place) {
    return new WatershedException(
        ErrorCode.INTERNAL,
        "the archive of '"
            + request.stream()
            + "' holds "
            + checkpoint.key().shardId()
            + " up to "
            + text(checkpoint.after().lastPosition())
            + (checkpoint.after().isEnd() ? ", its end" : "")
            + ", but reading it ended at "
            + text(place.last()),
        "This is a defect unless the table was replaced meanwhile: run 'watershed verify', then go"
            + " on from the place below.");
  }

  private static String text(Optional<ShardPosition> position) {
    return position.map(ShardPosition::text).orElse("its start");
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.filter(one.get()::isBefore).isEmpty() ? one : other;
  }

  private boolean isAhead(ShardCheckpoint checkpoint, ShardKey key) {
    ShardPlace place = progress.place(key);
    Optional<ShardPosition> archived = checkpoint.after().lastPosition();
    boolean more =
        archived.filter(a -> place.last().filter(p -> p.compareTo(a) >= 0).isEmpty()).isPresent();
    return more || (checkpoint.after().isEnd() && !place.isEnd());
  }

  private void pass(TableState before, Predicate<ShardKey> wanted, Optional<Instant> from) {
    try (RecordScan scan = engine.scan(scanRequest(from))) {
      PinnedStream cut = scan.receipt().find(request.stream()).orElseThrow();
      Seams seams = new Seams(cut, before, load());
      List<ShardKey> order = scan.shards().stream().filter(wanted).toList();
      cut.gaps().stream().filter(gap -> wanted.test(gap.shard())).forEach(this::report);
      Map<ShardKey, After> done = new HashMap<>(progress.done());
      scan.shards().stream()
          .filter(wanted.negate())
          .forEach(key -> done.put(key, new After.End(Optional.empty())));
      deliver(scan.recordsBeyond(done), new ArrayList<>(order), seams);
    }
  }

  private ScanRequest scanRequest(Optional<Instant> from) {
    RecordSelection times = RecordSelection.ALL.between(from, request.until());
    return ScanRequest.of(request.stream())
        .select(request.allAsSql().map(times::where).orElse(times))
        .with(LiveMode.OFF);
  }

  /** Moves each shard to its seam as soon as the scan has passed it. */
  private void deliver(Iterator<StreamRecord> records, List<ShardKey> order, Seams seams) {
    int passed = 0;
    while (records.hasNext()) {
      StreamRecord record = records.next();
      while (!order.get(passed).equals(record.shard())) {
        seams.moveTo(order.get(passed++), progress);
      }
      delivery.record(record);
    }
    while (passed < order.size()) {
      seams.moveTo(order.get(passed++), progress);
    }
  }

  /** A gap that the archive has recorded, unless it is before what is wanted. */
  private void report(Gap gap) {
    boolean tooEarly =
        progress.since().isPresent()
            && gap.until().filter(until -> until.isBefore(progress.since().get())).isPresent();
    Optional<ShardPosition> last = progress.place(gap.shard()).last();
    boolean passed =
        last.isPresent()
            && (gap.afterPosition().equals("START")
                || ShardPosition.parse(gap.afterPosition()).compareTo(last.get()) < 0);
    if (!tooEarly && !passed) {
      delivery.gap(gap);
    }
  }

  /**
   * Where each shard of a cut goes on. A cut has positions only; what else a reader wants to know
   * comes from the metadata before and after it, if it is that of the same checkpoint.
   */
  private record Seams(PinnedStream cut, TableState before, Optional<TableState> after) {
    void moveTo(ShardKey key, Progress progress) {
      PinnedShard pinned = cut.shards().get(key);
      if (pinned == null || progress.place(key).isEnd()) {
        return;
      }
      Optional<ShardPosition> archived = pinned.archived().lastPosition();
      Optional<ShardPosition> done = progress.place(key).after().lastPosition();
      boolean behind =
          done.isPresent() && archived.filter(a -> a.compareTo(done.get()) > 0).isEmpty();
      if (!behind || pinned.archived().isEnd()) {
        progress.put(key, place(key, pinned.archived()));
      }
    }

    private ShardPlace place(ShardKey key, After archived) {
      Optional<ShardCheckpoint> known =
          checkpoint(before, key)
              .filter(c -> c.after().equals(archived))
              .or(
                  () ->
                      after
                          .flatMap(state -> checkpoint(state, key))
                          .filter(c -> c.after().equals(archived)));
      return new ShardPlace(
          archived,
          Optional.empty(),
          Optional.empty(),
          known.or(() -> checkpoint(before, key)).flatMap(ShardCheckpoint::completeThrough),
          known.flatMap(ShardCheckpoint::lastArrival));
    }

    private static Optional<ShardCheckpoint> checkpoint(TableState state, ShardKey key) {
      return Optional.ofNullable(state.checkpoints().get(key));
    }
  }
}
