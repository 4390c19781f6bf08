package io.watershed.archive;

import io.watershed.archive.CommitPolicy.InHand;
import io.watershed.archive.ShardChanges.Change;
import io.watershed.archive.ShardChanges.Contact;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamDescription;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One incarnation as one archiver knows it, from one load of the table on: what is committed, what
 * is read beyond it, and what that means for the next commit. No threads and no I/O; one step at a
 * time.
 */
final class Session {
  /** More often than the eighth of the retention that is promised (PROTOCOL 2.2). */
  private static final int HEARTBEATS_PER_RETENTION = 10;

  private final PendingRecords published;
  private final Map<ShardKey, ShardFeed> feeds = new TreeMap<>();
  private final Map<ShardKey, ShardCheckpoint> otherChanges = new LinkedHashMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private TableState base;
  private StreamDescription stream;
  private Lineage lineage;
  private Instant lastListing;
  private Optional<Instant> recordsSince = Optional.empty();
  private Optional<Instant> newsSince = Optional.empty();
  private long reads;
  private long confirmedReads;

  private Session(
      TableState base,
      StreamDescription stream,
      Lineage lineage,
      Instant listedAt,
      PendingRecords published) {
    this.base = base;
    this.stream = stream;
    this.lineage = lineage;
    this.lastListing = listedAt;
    this.published = published;
  }

  /**
   * Compares the table with the stream.
   *
   * @param listed what the service lists, and what it does not list but still reads
   * @param listedAt when the listing was asked for
   */
  static Session open(
      TableState base,
      StreamDescription stream,
      List<Shard> listed,
      Instant listedAt,
      PendingRecords published) {
    String incarnation = stream.incarnation().id();
    Map<String, ShardCheckpoint> known = new LinkedHashMap<>();
    List<ShardCheckpoint> older = new ArrayList<>();
    base.checkpoints()
        .forEach(
            (key, checkpoint) -> {
              if (key.incarnation().equals(incarnation)) {
                known.put(key.shardId(), checkpoint);
              } else {
                older.add(checkpoint);
              }
            });
    List<Shard> shards = new ArrayList<>(listed);
    known.values().forEach(checkpoint -> shards.add(checkpoint.shard()));
    Session session = new Session(base, stream, Lineage.of(shards), listedAt, published);
    // An older incarnation cannot be read any more: its shards are finished as they are.
    session.apply(ShardChanges.vanished(older, List.of(), key -> false, listedAt), listedAt);
    session.apply(ShardChanges.vanished(known.values(), listed, key -> false, listedAt), listedAt);
    Contact contact = contact(base, stream, known.isEmpty(), listedAt);
    session.apply(ShardChanges.appeared(known, listed, contact, listedAt), listedAt);
    session.openFeeds(known.values(), contact.first());
    return session;
  }

  private static Contact contact(
      TableState base, StreamDescription stream, boolean unknown, Instant now) {
    Instant createdAt = stream.incarnation().createdAt();
    boolean nothingArchived =
        base.checkpoints().keySet().stream()
            .allMatch(key -> Incarnation.isImport(key.incarnation()));
    return unknown && nothingArchived
        ? Contact.first(createdAt, now.minus(stream.retention()))
        : Contact.again(createdAt);
  }

  private void openFeeds(Collection<ShardCheckpoint> known, boolean firstContact) {
    for (ShardCheckpoint checkpoint : known) {
      ShardCheckpoint now = otherChanges.getOrDefault(checkpoint.key(), checkpoint);
      if (!now.after().isEnd()) {
        feeds.put(now.key(), new ShardFeed(now, false, published));
      }
    }
    for (ShardCheckpoint added : List.copyOf(otherChanges.values())) {
      if (isOurs(added.key()) && !added.after().isEnd() && !feeds.containsKey(added.key())) {
        feeds.put(added.key(), new ShardFeed(added, firstContact, published));
      }
    }
  }

  private boolean isOurs(ShardKey key) {
    return key.incarnation().equals(incarnation().id());
  }

  private void apply(Change change, Instant now) {
    change.checkpoints().forEach(checkpoint -> otherChanges.put(checkpoint.key(), checkpoint));
    gaps.addAll(change.gaps());
    if (!change.checkpoints().isEmpty() || !change.gaps().isEmpty()) {
      touched(now);
    }
  }

  private void touched(Instant now) {
    newsSince = newsSince.or(() -> Optional.of(now));
  }

  Incarnation incarnation() {
    return stream.incarnation();
  }

  Duration retention() {
    return stream.retention();
  }

  TableState base() {
    return base;
  }

  Collection<ShardFeed> feeds() {
    return feeds.values();
  }

  /** How many reads were accepted so far. */
  long reads() {
    return reads;
  }

  /**
   * The stream's description was read again, and is still of this incarnation. What was read before
   * that is surely of this incarnation too: a name is all that requests carry, and between two
   * requests the stream can be deleted and created again.
   *
   * @param readsBefore {@link #reads()} when the description was asked for
   */
  void confirmed(StreamDescription description, long readsBefore) {
    stream = description;
    confirmedReads = Math.max(confirmedReads, readsBefore);
  }

  /** Whether everything in hand is surely of this incarnation. */
  boolean isConfirmed() {
    return confirmedReads == reads;
  }

  /**
   * The stream is another one by now: lets go what may be of that one. Shards that end here are
   * found by the next session, which cannot read them any more.
   */
  void keepConfirmed() {
    feeds.values().forEach(feed -> feed.forgetAfter(confirmedReads));
    feeds.values().removeIf(feed -> !feed.hasRecords());
    otherChanges.clear();
    gaps.clear();
    reads = confirmedReads;
  }

  /**
   * A complete listing came while running. It only adds: a shard that it does not name may be too
   * new for it; one that is really gone shows when it is read.
   *
   * @param listedAt when it was asked for
   */
  void listed(List<Shard> listed, Instant listedAt) {
    learn(listed, listedAt);
    lastListing = listedAt;
  }

  /** The service does not have the shard any more, though it was not read to its end. */
  Gap loseFeed(ShardFeed feed, Instant now) {
    Gap gap =
        ShardChanges.vanished(List.of(feed.base()), List.of(), key -> false, now).gaps().get(0);
    feed.withhold(gap);
    feed.lose();
    gaps.add(gap);
    touched(now);
    return gap;
  }

  private void learn(List<Shard> shards, Instant now) {
    Map<String, ShardCheckpoint> known = new LinkedHashMap<>();
    base.checkpoints().values().stream()
        .filter(checkpoint -> isOurs(checkpoint.key()))
        .forEach(checkpoint -> known.put(checkpoint.key().shardId(), checkpoint));
    feeds.values().forEach(feed -> known.put(feed.key().shardId(), feed.base()));
    List<Shard> unknown =
        shards.stream().filter(shard -> !known.containsKey(shard.key().shardId())).toList();
    if (unknown.isEmpty()) {
      return;
    }
    lineage = lineage.plus(unknown);
    Change change = ShardChanges.appeared(known, shards, Contact.since(lastListing), now);
    apply(change, now);
    for (ShardCheckpoint added : change.checkpoints()) {
      feeds.put(added.key(), new ShardFeed(added, false, published));
    }
  }

  /**
   * Records came.
   *
   * @param askedAt when the read was asked for
   */
  void accept(ShardFeed feed, ReadBatch batch, Instant askedAt, Instant now) {
    reads++;
    batch.gapBefore().ifPresent(gap -> found(feed, gap, now));
    feed.accept(batch, askedAt, lastListing, reads);
    // A child of two shards may be named before its other parent is known. Only a listing tells
    // whether that one is gone; until then the child is neither read nor taken for an orphan.
    learn(
        batch.childShards().stream()
            .filter(child -> lineage.unknownParents(child).isEmpty())
            .toList(),
        now);
    if (!batch.records().isEmpty()) {
      recordsSince = recordsSince.or(() -> Optional.of(now));
    }
    if (ends(feed)) {
      touched(now);
    }
  }

  /** A reader found a gap. */
  void found(ShardFeed feed, Gap gap, Instant now) {
    feed.withhold(gap);
    gaps.add(gap);
    touched(now);
  }

  /** Shards that can be read now: all of their parents are read to their end. */
  List<ShardFeed> startable() {
    Set<ShardKey> finished = new HashSet<>();
    for (Shard shard : lineage.shards()) {
      ShardFeed feed = feeds.get(shard.key());
      if (feed == null || feed.isDrained()) {
        finished.add(shard.key());
      }
    }
    return lineage.readable(finished).stream()
        .map(shard -> feeds.get(shard.key()))
        .filter(feed -> feed != null && !feed.isStarted())
        .toList();
  }

  /** Whether the shard is over: read to its end, and all of its children known (PROTOCOL 2.4). */
  boolean ends(ShardFeed feed) {
    return feed.isLost() || (feed.isDrained() && lineage.childrenComplete(feed.key()));
  }

  /** Whether the shard has children, so that it is closed: it has an end, not only a tip. */
  boolean isClosed(ShardKey shard) {
    return !lineage.children(shard).isEmpty();
  }

  /** Whether a shard was read to its end and its children are not all known yet. */
  boolean lacksChildren() {
    return feeds.values().stream().anyMatch(feed -> feed.isDrained() && !ends(feed));
  }

  /** Everything in hand, for a commit. */
  CommitInput commitInput() {
    List<CommitInput.ShardInput> shards = new ArrayList<>();
    for (Shard shard : lineage.shards()) {
      ShardFeed feed = feeds.get(shard.key());
      if (feed != null) {
        shards.add(feed.input(ends(feed)));
      }
    }
    return new CommitInput(shards, List.copyOf(otherChanges.values()), gaps);
  }

  /** The commit of this input is in the table. */
  void committed(CommitInput input, CommitPlan plan, TableState state, Instant startedAt) {
    base = state;
    input.otherCheckpoints().forEach(change -> otherChanges.remove(change.key(), change));
    gaps.removeAll(input.gaps());
    for (ShardCheckpoint moved : plan.checkpoints()) {
      ShardFeed feed = feeds.get(moved.key());
      if (feed != null) {
        feed.committed(moved);
        if (moved.after().isEnd()) {
          feeds.remove(moved.key());
        }
      }
    }
    recordsSince = hasRecords() ? Optional.of(startedAt) : Optional.empty();
    newsSince = hasNews() ? Optional.of(startedAt) : Optional.empty();
  }

  /** Whether there is anything to commit besides the times at which tips were reached. */
  boolean isDirty() {
    return hasRecords() || hasNews();
  }

  private boolean hasRecords() {
    return feeds.values().stream().anyMatch(ShardFeed::hasRecords);
  }

  private boolean hasNews() {
    return !otherChanges.isEmpty()
        || !gaps.isEmpty()
        || feeds.values().stream().anyMatch(this::ends);
  }

  /**
   * Whether a commit is due.
   *
   * @param pressed whether reading stands still for lack of memory
   */
  boolean isCommitDue(CommitPolicy policy, boolean pressed, Instant now) {
    InHand inHand = new InHand(bufferedBytes(), recordsSince, newsSince, pressed);
    return policy.isDue(inHand, now) || isHeartbeatDue();
  }

  /** Whether the time of a reached tip must be committed although nothing came (PROTOCOL 2.2). */
  boolean isHeartbeatDue() {
    Duration most = retention().dividedBy(HEARTBEATS_PER_RETENTION);
    return feeds.values().stream()
        .anyMatch(
            feed ->
                feed.tipAt()
                    .filter(
                        tip ->
                            feed.base()
                                .completeThrough()
                                .map(committed -> !tip.isBefore(committed.plus(most)))
                                .orElse(true))
                    .isPresent());
  }

  long bufferedBytes() {
    return feeds.values().stream().mapToLong(ShardFeed::weight).sum();
  }
}
