package io.watershed.query.follow;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.query.follow.LiveReads.Listing;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows the shards of a stream from their places on, children after all of their parents. Where
 * the stream does not hold the records any more, the archive is asked before a gap is reported. All
 * of it runs on one thread; answers come as steps (see {@link Steps}).
 */
final class LiveFollow {
  /** A shard that is joined at its tip and gives nothing has no position, just a time. */
  private static final Duration BEGIN_SLACK = Duration.ofMinutes(1);

  private static final Duration CHILD_LISTING_PAUSE = Duration.ofSeconds(1);
  private static final int QUICK_CHILD_LISTINGS = 30;
  private static final Duration LATER_LISTING_PAUSE = Duration.ofSeconds(30);
  private static final int MAX_LOSSES = 3;

  /** Of a shard of which nobody knows more than its name. */
  private static final HashRange NO_RANGE = new HashRange(BigInteger.ZERO, BigInteger.ZERO);

  private final FollowRequest request;
  private final Progress progress;
  private final ArchiveSide archive;
  private final LiveReads reads;
  private final Selection selection;
  private final Delivery delivery;
  private final Steps steps;
  private final Scheduler scheduler;
  private final Optional<Instant> stopAt;

  private final Set<ShardKey> listed = new HashSet<>();
  private final Set<ShardKey> active = new HashSet<>();
  private final Set<ShardKey> passed = new HashSet<>();
  private final Set<ShardKey> childless = new HashSet<>();
  private final Map<ShardKey, Integer> losses = new HashMap<>();
  private boolean begun;
  private boolean listing;
  private boolean listingDue;
  private int childListings;

  LiveFollow(
      FollowRequest request,
      Progress progress,
      ArchiveSide archive,
      LiveReads reads,
      Selection selection,
      Delivery delivery,
      Steps steps,
      Scheduler scheduler) {
    this.request = request;
    this.progress = progress;
    this.archive = archive;
    this.reads = reads;
    this.selection = selection;
    this.delivery = delivery;
    this.steps = steps;
    this.scheduler = scheduler;
    this.stopAt =
        request.follow() ? request.until() : Optional.of(earlier(request, scheduler.instant()));
  }

  private static Instant earlier(FollowRequest request, Instant now) {
    return request.until().filter(now::isAfter).orElse(now);
  }

  /** Follows until everything that is asked for is delivered; else until {@link Finished}. */
  void run() {
    list();
    while (!isDone()) {
      if (steps.isEmpty()) {
        delivery.pause();
      }
      steps.runNext();
    }
    delivery.pause();
  }

  private boolean isDone() {
    return stopAt.isPresent() && !listing && childless.isEmpty() && passed.containsAll(active);
  }

  private void list() {
    if (!listing) {
      listing = true;
      steps.await(reads.list(begun), this::listed, this::fail);
    }
  }

  private void fail(StreamFailure failure) {
    throw failure.toError();
  }

  private void listed(Listing listing) {
    this.listing = false;
    checkIncarnation(listing.incarnation());
    listed.clear();
    listing.shards().forEach(shard -> listed.add(shard.key()));
    progress.learn(listing.shards());
    if (!begun) {
      begun = true;
      begin(listing);
    }
    learnLost();
    advance();
  }

  private void checkIncarnation(String id) {
    if (progress.incarnation().filter(known -> !known.equals(id)).isPresent()) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          "The stream '" + request.stream() + "' was deleted and created again",
          "What the old one held may be in the archive; follow the new one with --from start.");
    }
    progress.incarnation(id);
  }

  private void begin(Listing listing) {
    boolean hasPlaces = listing.shards().stream().anyMatch(shard -> progress.knows(shard.key()));
    if (request.start() instanceof FollowStart.Now) {
      joinAtTip(listing.shards());
    } else if (request.start() instanceof FollowStart.Positions positions) {
      joinAfter(positions, listing.shards());
    } else if (!hasPlaces && !(request.start() instanceof FollowStart.At)) {
      // Nothing of this incarnation is archived: what the stream forgot before is no gap.
      listing.shards().forEach(shard -> progress.put(shard.key(), first()));
      tellHorizon(listing);
    }
  }

  private void joinAtTip(List<Shard> shards) {
    Instant begin = scheduler.instant().minus(BEGIN_SLACK);
    for (Shard shard : shards) {
      boolean closed = !progress.lineage().children(shard.key()).isEmpty();
      progress.put(shard.key(), closed ? ShardPlace.START.ended() : ShardPlace.beginAt(begin));
      if (!closed) {
        reads.joinAtTip(shard.key());
      }
    }
  }

  private void joinAfter(FollowStart.Positions positions, List<Shard> shards) {
    learnFromArchive();
    positions
        .after()
        .forEach(
            (id, position) -> {
              ShardKey key = known(id);
              progress.only(id);
              progress.put(key, ShardPlace.after(position));
            });
    progress.learn(List.of());
    for (Shard shard : shards) {
      if (!progress.wants(shard.key())) {
        progress.put(shard.key(), ShardPlace.START.ended());
      }
    }
  }

  private ShardKey known(String id) {
    List<ShardKey> keys = progress.lineage().shards().stream().map(Shard::key).toList();
    return keys.stream()
        .filter(key -> key.shardId().equals(id) && isCurrent(key))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "The stream '" + request.stream() + "' has no shard " + id,
                    "It has "
                        + String.join(
                            ", ", new TreeSet<>(keys.stream().map(ShardKey::shardId).toList()))
                        + "."));
  }

  private ShardPlace first() {
    return progress
        .since()
        .map(since -> ShardPlace.beginAt(since.minus(reads.clockSlack())))
        .orElse(ShardPlace.START);
  }

  private void tellHorizon(Listing listing) {
    Instant horizon = scheduler.instant().minus(listing.retention());
    boolean older =
        progress.since().filter(horizon::isAfter).isPresent()
            && listing.createdAt().isBefore(horizon);
    if (older) {
      delivery.notice(
          "'"
              + request.stream()
              + "' is not archived and keeps its records since "
              + horizon
              + " only: what arrived before is not shown");
    }
  }

  /**
   * Shards that are under way and not listed, and parents that are neither known nor listed, are
   * such that the archive may have seen.
   */
  private void learnLost() {
    if (progress.unknown().isEmpty()
        && progress.lineage().shards().stream().noneMatch(this::isOrphan)) {
      return;
    }
    learnFromArchive();
    progress.learn(
        progress.unknown().stream().map(key -> new Shard(key, List.of(), NO_RANGE)).toList());
    for (Shard orphan : progress.lineage().shards()) {
      if (isOrphan(orphan)) {
        delivery.gap(gap(orphan.key(), "parent-vanished"));
        progress.put(orphan.key(), progress.place(orphan.key()));
      }
    }
  }

  private boolean isOrphan(Shard shard) {
    return listed.contains(shard.key())
        && !progress.knows(shard.key())
        && !progress.lineage().unknownParents(shard).isEmpty();
  }

  private void learnFromArchive() {
    archive
        .load()
        .map(TableState::checkpoints)
        .ifPresent(
            checkpoints ->
                progress.learn(
                    checkpoints.values().stream()
                        .map(checkpoint -> checkpoint.shard())
                        .filter(shard -> isCurrent(shard.key()))
                        .toList()));
  }

  private boolean isCurrent(ShardKey key) {
    return progress.incarnation().filter(key.incarnation()::equals).isPresent();
  }

  /** Starts every shard whose parents are done. */
  private void advance() {
    boolean ended;
    do {
      ended = false;
      for (Shard shard : progress.lineage().readable(progress.finished())) {
        if (!active.contains(shard.key())) {
          ended |= leaveOut(shard) || !start(shard.key());
        }
      }
    } while (ended);
    awaitChildren();
  }

  /** Done at once if the shard is not wanted, as far as is known. */
  private boolean leaveOut(Shard shard) {
    boolean out = !progress.wants(shard.key()) && !isOrphan(shard);
    if (out) {
      progress.put(shard.key(), ShardPlace.START.ended());
    }
    return out;
  }

  /** False if there is nothing to read: the shard is finished. */
  private boolean start(ShardKey key) {
    if (!listed.contains(key)) {
      vanished(key);
      return false;
    }
    progress.put(key, progress.place(key));
    if (beginIsTrimmed(key) && !archive.deliver(key)) {
      delivery.gap(gap(key, "trimmed"));
    }
    if (isUntouchedChild(key)) {
      archive.deliver(key);
    }
    if (progress.place(key).isEnd()) {
      return false;
    }
    open(key);
    return true;
  }

  /** Nothing that was read of it could prove that nothing is trimmed: what is archived is safe. */
  private boolean isUntouchedChild(ShardKey key) {
    ShardPlace place = progress.place(key);
    boolean child =
        progress.lineage().shard(key).filter(shard -> !shard.parents().isEmpty()).isPresent();
    return child && place.after() instanceof After.Start && place.begin().isEmpty();
  }

  /** A shard that goes on by time has no position that would prove that nothing is missing. */
  private boolean beginIsTrimmed(ShardKey key) {
    ShardPlace place = progress.place(key);
    Instant horizon = scheduler.instant().minus(reads.retention());
    return request.start() instanceof FollowStart.At
        && !(place.after() instanceof After.At)
        && place.begin().filter(horizon::isAfter).isPresent();
  }

  private void open(ShardKey key) {
    active.add(key);
    steps.await(
        reads.open(key, progress.place(key)),
        gap -> opened(key, gap),
        failure -> failed(key, failure));
  }

  private void opened(ShardKey key, Optional<Gap> gap) {
    if (gap.isEmpty() || !bridged(key)) {
      gap.ifPresent(delivery::gap);
      next(key);
    }
  }

  private void next(ShardKey key) {
    Instant askedAt = scheduler.instant();
    steps.await(
        reads.next(key), batch -> took(key, batch, askedAt), failure -> failed(key, failure));
  }

  /** Whether the archive had what the stream does not have; then the shard is opened again. */
  private boolean bridged(ShardKey key) {
    if (!archive.deliver(key)) {
      return false;
    }
    reads.close(key);
    active.remove(key);
    if (progress.place(key).isEnd()) {
      end(key);
    } else {
      open(key);
    }
    return true;
  }

  private void took(ShardKey key, ReadBatch batch, Instant askedAt) {
    if (batch.gapBefore().isPresent() && bridged(key)) {
      return;
    }
    batch.gapBefore().ifPresent(delivery::gap);
    deliver(key, batch.records());
    reads.taken(key);
    losses.remove(key);
    if (batch.endsShard()) {
      progress.learn(batch.childShards());
      batch.childShards().forEach(child -> listed.add(child.key()));
      progress.put(key, progress.place(key).ended());
      reads.close(key);
      active.remove(key);
      end(key);
      return;
    }
    Instant through = askedAt.minusMillis(batch.millisBehindLatest());
    if (!reads.isJoining(key)) {
      progress.put(key, progress.place(key).complete(through));
    }
    if (isPast(batch, askedAt)) {
      passed.add(key);
    } else if (reads.leavesStart(key, batch)) {
      open(key);
    } else {
      next(key);
    }
  }

  private boolean isPast(ReadBatch batch, Instant askedAt) {
    List<StreamRecord> records = batch.records();
    return stopAt
        .filter(
            end ->
                (batch.atTip() && !askedAt.isBefore(end))
                    || (!records.isEmpty()
                        && records.get(records.size() - 1).arrivalTime().isAfter(end)))
        .isPresent();
  }

  /** Nothing of a batch is done before all that is before it is delivered. */
  private void deliver(ShardKey key, List<StreamRecord> records) {
    Optional<ShardPosition> done = progress.place(key).last();
    List<StreamRecord> fresh =
        records.stream()
            .filter(r -> done.filter(d -> r.position().compareTo(d) <= 0).isEmpty())
            .toList();
    for (StreamRecord record : selection.select(fresh)) {
      delivery.record(record);
    }
    if (!records.isEmpty()) {
      progress.put(key, progress.place(key).through(records.get(records.size() - 1)));
    }
  }

  private void end(ShardKey key) {
    if (!progress.lineage().childrenComplete(key)) {
      childless.add(key);
    }
    advance();
  }

  /** A closed shard has children; a listing names them, maybe only after a moment. */
  private void awaitChildren() {
    childless.removeIf(progress.lineage()::childrenComplete);
    if (childless.isEmpty()) {
      childListings = 0;
    } else if (childListings > QUICK_CHILD_LISTINGS && stopAt.isPresent()) {
      childless.clear();
    } else if (!listing && !listingDue) {
      listingDue = true;
      steps.later(childListingPause(), this::listDue);
    }
  }

  private Duration childListingPause() {
    if (childListings++ == 0) {
      return Duration.ZERO;
    }
    return childListings <= QUICK_CHILD_LISTINGS ? CHILD_LISTING_PAUSE : LATER_LISTING_PAUSE;
  }

  private void listDue() {
    listingDue = false;
    list();
  }

  private void failed(ShardKey key, StreamFailure failure) {
    if (failure.kind() != Kind.NOT_FOUND || losses.merge(key, 1, Integer::sum) > MAX_LOSSES) {
      throw failure.toError();
    }
    reads.close(key);
    active.remove(key);
    list();
  }

  /** Not listed any more, and not read to its end: the archive may have the rest. */
  private void vanished(ShardKey key) {
    boolean whole = archive.deliver(key) && progress.place(key).isEnd();
    if (!whole) {
      delivery.gap(gap(key, "shard-vanished"));
      progress.put(key, progress.place(key).ended());
    }
  }

  private Gap gap(ShardKey key, String reason) {
    ShardPlace place = progress.place(key);
    return new Gap(
        key,
        place.last().map(ShardPosition::text).orElse("START"),
        place.completeThrough(),
        Optional.empty(),
        reason,
        scheduler.instant());
  }
}
