package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamDescription;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is known of shards, and what follows from it, without any I/O. */
final class SessionTest {
  private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final StreamDescription STREAM =
      new StreamDescription(
          "orders",
          new Incarnation("arn:aws:kinesis:eu-central-1:1:stream/orders", CREATED),
          "ACTIVE",
          Duration.ofHours(24),
          1,
          1 << 20);

  private static ShardKey key(String id) {
    return new ShardKey(STREAM.incarnation().id(), id);
  }

  private static Shard shard(String id, long first, long last, String... parents) {
    return new Shard(
        key(id),
        Arrays.asList(parents),
        new Shard.HashRange(BigInteger.valueOf(first), BigInteger.valueOf(last)));
  }

  private static TableState table(ShardCheckpoint... checkpoints) {
    SortedMap<ShardKey, ShardCheckpoint> map = new TreeMap<>();
    for (ShardCheckpoint checkpoint : checkpoints) {
      map.put(checkpoint.key(), checkpoint);
    }
    return new TableState(
        "orders",
        new UUID(1, 2),
        1,
        OptionalLong.empty(),
        NOW,
        0,
        List.of(),
        map,
        List.of(),
        PayloadSchema.EMPTY);
  }

  private static ShardCheckpoint checkpoint(Shard shard, After after, Instant completeThrough) {
    return new ShardCheckpoint(shard, after, Optional.of(completeThrough), 0, 0, RecordDigest.ZERO);
  }

  private static Session open(TableState table, Shard... listed) {
    return Session.open(table, STREAM, List.of(listed), NOW, new PendingRecords());
  }

  private static ReadBatch batch(boolean ends, Shard... children) {
    return new ReadBatch(
        List.of(), ends ? Optional.empty() : Optional.of("next"), 0, List.of(children));
  }

  private static List<String> startable(Session session) {
    return session.startable().stream().map(feed -> feed.key().shardId()).toList();
  }

  @Test
  void childrenWaitUntilAllParentsAreReadToTheirEnd() {
    Shard a = shard("a", 0, 4);
    Shard b = shard("b", 5, 9);
    Session session = open(table(), shard("c", 0, 9, "a", "b"), b, a);
    assertThat(startable(session)).containsExactly("a", "b");
    List<ShardFeed> parents = session.startable();
    parents.forEach(ShardFeed::start);
    session.accept(parents.get(0), batch(true), NOW, NOW);
    assertThat(startable(session)).isEmpty();
    session.accept(parents.get(1), batch(true), NOW, NOW);
    assertThat(startable(session)).containsExactly("c");
  }

  @Test
  void aShardEndsOnlyWhenAllOfItsChildrenAreKnown() {
    Shard parent = shard("p", 0, 9);
    Session session = open(table(), parent);
    ShardFeed feed = session.startable().get(0);
    session.accept(feed, batch(true), NOW, NOW);
    assertThat(session.ends(feed)).isFalse();
    session.listed(List.of(parent, shard("l", 0, 4, "p")), NOW);
    assertThat(session.ends(feed)).isFalse();
    assertThat(session.lacksChildren()).isTrue();
    session.listed(List.of(parent, shard("l", 0, 4, "p"), shard("r", 5, 9, "p")), NOW);
    assertThat(session.ends(feed)).isTrue();
    CommitPlan plan = CommitPlan.of(session.commitInput(), record -> false, false, 5);
    assertThat(plan.checkpoints()).hasSize(3);
    assertThat(plan.checkpoints().stream().filter(c -> c.after().isEnd()).map(c -> c.key()))
        .containsExactly(parent.key());
  }

  @Test
  void theFirstLookAtAStreamTakesItAsItIs() {
    Session session = open(table(), shard("c", 0, 9, "forgotten"));
    assertThat(session.commitInput().gaps()).isEmpty();
    assertThat(session.startable().get(0).completeThrough()).isEmpty();
    assertThat(session.startable().get(0).base().completeThrough())
        .contains(NOW.minus(Duration.ofHours(24)));
  }

  @Test
  void aKnownShardThatIsNoLongerListedIsAGapAndFinished() {
    Shard gone = shard("a", 0, 9);
    Instant tip = NOW.minus(Duration.ofHours(30));
    Session session = open(table(checkpoint(gone, new After.Start(), tip)), shard("b", 0, 9, "a"));
    CommitInput input = session.commitInput();
    assertThat(input.gaps().stream().map(Gap::reason)).containsExactly("shard-vanished");
    assertThat(input.gaps().get(0).from()).contains(tip);
    assertThat(input.otherCheckpoints().stream().filter(c -> c.after().isEnd()).map(c -> c.key()))
        .containsExactly(gone.key());
    assertThat(startable(session)).containsExactly("b");
  }

  @Test
  void aListedShardWithAParentThatNobodyKnowsIsAGapLater() {
    Shard old = shard("a", 0, 9);
    Session session =
        open(
            table(checkpoint(old, new After.Start(), NOW.minusSeconds(9))),
            old,
            shard("d", 0, 9, "c"));
    assertThat(session.commitInput().gaps().stream().map(Gap::reason))
        .containsExactly("parent-vanished");
  }

  @Test
  void aChildThatWasThereBeforeWeLookedIsAsOldAsItsParentsLastTip() {
    Instant tip = NOW.minus(Duration.ofHours(20));
    Shard parent = shard("p", 0, 9);
    Session session =
        open(table(checkpoint(parent, new After.Start(), tip)), parent, shard("c", 0, 9, "p"));
    assertThat(session.feeds().stream().filter(f -> f.key().shardId().equals("c")))
        .allMatch(feed -> feed.completeThrough().equals(Optional.of(tip)));
  }

  @Test
  void whatWasReadAfterTheLastConfirmationIsLetGoWhenTheStreamIsAnotherOne() {
    Shard shard = shard("a", 0, 9);
    Session session = open(table(checkpoint(shard, new After.Start(), NOW)), shard);
    ShardFeed feed = session.startable().get(0);
    session.accept(feed, records(shard, 1, 2), NOW, NOW);
    session.confirmed(STREAM, session.reads());
    session.accept(feed, records(shard, 3, 4), NOW, NOW);
    assertThat(session.isConfirmed()).isFalse();
    session.keepConfirmed();
    assertThat(session.isConfirmed()).isTrue();
    assertThat(feed.recordCount()).isEqualTo(2);
    assertThat(feed.high().orElseThrow().text()).isEqualTo("2");
  }

  @Test
  void recordsThatArriveWhileACommitIsUnderWayStay() {
    Shard shard = shard("a", 0, 9);
    Session session = open(table(checkpoint(shard, new After.Start(), NOW)), shard);
    ShardFeed feed = session.startable().get(0);
    session.accept(feed, records(shard, 1, 2), NOW, NOW);
    CommitInput input = session.commitInput();
    session.accept(feed, records(shard, 3, 4), NOW, NOW);
    CommitPlan plan = CommitPlan.of(input, record -> false, false, 5);
    session.committed(input, plan, table(plan.checkpoints().get(0)), NOW);
    assertThat(feed.recordCount()).isEqualTo(2);
    assertThat(feed.base().rows()).isEqualTo(2);
    assertThat(session.isDirty()).isTrue();
  }

  /** A statement that skipped the gap with us would not know of it (PROTOCOL 2.3, 5.4). */
  @Test
  void whatFollowsAGapIsNotOfferedUntilTheCheckpointIsBehindIt() {
    Shard shard = shard("a", 0, 9);
    PendingRecords pending = new PendingRecords();
    Session session =
        Session.open(
            table(checkpoint(shard, new After.Start(), NOW)), STREAM, List.of(shard), NOW, pending);
    ShardFeed feed = session.startable().get(0);
    session.accept(feed, records(shard, 1, 2), NOW, NOW);
    assertThat(pending.of(shard.key())).isPresent();
    Gap gap = new Gap(shard.key(), "2", Optional.empty(), Optional.empty(), "trimmed", NOW);
    ReadBatch after = records(shard, 7, 8);
    session.accept(
        feed,
        new ReadBatch(after.records(), after.nextIterator(), 0, List.of(), Optional.of(gap)),
        NOW,
        NOW);
    assertThat(pending.of(shard.key())).isEmpty();
    session.accept(feed, records(shard, 9), NOW, NOW);
    assertThat(pending.of(shard.key())).isEmpty();
    commitAll(session);
    assertThat(pending.of(shard.key())).isPresent();
    session.accept(feed, records(shard, 10), NOW, NOW);
    assertThat(pending.of(shard.key()).orElseThrow().recordCount()).isEqualTo(1);
  }

  @Test
  void aGapAtTheCheckpointItselfIsBehindOnlyTheNextOne() {
    Shard shard = shard("a", 0, 9);
    PendingRecords pending = new PendingRecords();
    Session session =
        Session.open(
            table(checkpoint(shard, new After.Start(), NOW.minusSeconds(60))),
            STREAM,
            List.of(shard),
            NOW,
            pending);
    ShardFeed feed = session.startable().get(0);
    session.found(
        feed,
        new Gap(shard.key(), Gap.START, Optional.empty(), Optional.empty(), "trimmed", NOW),
        NOW);
    session.accept(feed, batch(false), NOW, NOW);
    commitAll(session);
    assertThat(feed.base().completeThrough()).contains(NOW);
    assertThat(pending.of(shard.key())).isEmpty();
    session.accept(feed, records(shard, 7), NOW, NOW);
    assertThat(pending.of(shard.key())).isEmpty();
    commitAll(session);
    assertThat(pending.of(shard.key())).isPresent();
  }

  @Test
  void aShardThatTheServiceLostIsNotOffered() {
    Shard shard = shard("a", 0, 9);
    PendingRecords pending = new PendingRecords();
    Session session =
        Session.open(
            table(checkpoint(shard, new After.Start(), NOW)), STREAM, List.of(shard), NOW, pending);
    ShardFeed feed = session.startable().get(0);
    session.accept(feed, records(shard, 1, 2), NOW, NOW);
    assertThat(session.loseFeed(feed, NOW).reason()).isEqualTo("shard-vanished");
    assertThat(pending.of(shard.key())).isEmpty();
  }

  private static void commitAll(Session session) {
    CommitInput input = session.commitInput();
    CommitPlan plan = CommitPlan.of(input, record -> false, false, 5);
    session.committed(input, plan, table(plan.checkpoints().toArray(ShardCheckpoint[]::new)), NOW);
  }

  private static ReadBatch records(Shard shard, long... sequences) {
    List<StreamRecord> records =
        Arrays.stream(sequences)
            .mapToObj(
                n ->
                    new StreamRecord(
                        shard.key(),
                        ShardPosition.of(SequenceNumber.parse(Long.toString(n))),
                        "key",
                        NOW,
                        new byte[] {1}))
            .toList();
    return new ReadBatch(records, Optional.of("next"), 0, List.of());
  }
}
