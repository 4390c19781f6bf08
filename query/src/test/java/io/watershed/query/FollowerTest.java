package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.SharedSource;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.follow.FollowOutcome;
import io.watershed.query.follow.FollowOutcome.Ending;
import io.watershed.query.follow.FollowPlace;
import io.watershed.query.follow.FollowRequest;
import io.watershed.query.follow.FollowSink;
import io.watershed.query.follow.FollowStart;
import io.watershed.query.follow.Follower;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final FollowStart START = new FollowStart.Earliest();
  private static final String FIRST = "shardId-000000000000";
  private static final String SECOND = "shardId-000000000001";

  private static final AtomicInteger STREAMS = new AtomicInteger();

  /** Whether followers share their reads: {@link SharedFollowerTest} sets it. */
  static volatile boolean sharing;

  @TempDir static Path folder;
  private static Water water;

  @BeforeAll
  static void open() {
    water = new Water(folder);
  }

  @AfterAll
  static void close() {
    water.close();
  }

  @Test
  void archiveAndStreamComeInOneGoEachRecordOnce() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 60);
      tail.commit(11);
      tail.commit(7);
      tail.water.putOrders(tail.stream, 61, 100);

      assertThat(tail.follow(tail.all()).ending()).isEqualTo(Ending.DONE);
      tail.assertIds(1, 100);
      assertThat(tail.gaps).isEmpty();
    }
  }

  @Test
  void withoutAnArchiveTheStreamIsFollowedOverSplits() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 30);
      tail.water.split(tail.stream, FIRST);
      tail.water.putOrders(tail.stream, 31, 60);
      tail.water.split(tail.stream, "shardId-000000000002");
      tail.water.putOrders(tail.stream, 61, 90);

      tail.follow(tail.all());
      tail.assertIds(1, 90);
    }
  }

  /** What may happen between any two steps of a follower. */
  private interface Event {
    void happen(Tail tail) throws Exception;
  }

  @Test
  void whateverHappensBetweenAnyTwoStepsNothingIsMissingOrTwice() throws Exception {
    Map<String, Event> events =
        Map.of(
            "commit", tail -> tail.commit(4),
            "archive and trim", Tail::archiveAndTrim,
            "split",
                tail -> {
                  tail.water.kinesis.scaleTo(tail.stream, 4);
                  tail.water.putOrders(tail.stream, 21, 30);
                },
            "split, archive and trim",
                tail -> {
                  tail.water.kinesis.scaleTo(tail.stream, 4);
                  tail.water.putOrders(tail.stream, 21, 30);
                  tail.archiveAndTrim();
                });
    int interleavings = 0;
    int offset = 0;
    for (Map.Entry<String, Event> event : new TreeMap<>(events).entrySet()) {
      for (int step = offset++; ; step += 4) {
        try (Tail tail = new Tail(water)) {
          tail.water.putOrders(tail.stream, 1, 10);
          tail.commit(3);
          tail.water.putOrders(tail.stream, 11, 20);
          tail.at(step, event.getValue());

          tail.follow(tail.all());
          if (!tail.happened()) {
            break;
          }
          interleavings++;
          assertThat(tail.ids()).doesNotHaveDuplicates();
          assertThat(tail.ids().stream().filter(id -> id <= 20).toList())
              .as(event.getKey() + " at step " + step)
              .containsExactlyInAnyOrderElementsOf(numbers(1, 20));
          tail.assertOrderPerKey();
          assertThat(tail.gaps).as(event.getKey() + " at step " + step).isEmpty();
        }
      }
    }
    assertThat(interleavings).isGreaterThan(20);
  }

  @Test
  void aPlaceGoesOnWithoutHoleOrRepeatWhateverHappenedMeanwhile() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 40);
      tail.commit(8);
      FollowStart start = START;
      int put = 40;
      int run = 0;
      while (true) {
        FollowOutcome outcome =
            tail.follow(FollowRequest.of(tail.stream, start).withoutFollowing().limit(9));
        start = new FollowStart.At(FollowPlace.parse(outcome.place().orElseThrow().text()));
        if (outcome.ending() == Ending.DONE) {
          break;
        }
        assertThat(outcome.records()).isEqualTo(9);
        run++;
        if (run % 2 == 0) {
          tail.commit(5);
        }
        if (run == 3) {
          tail.water.split(tail.stream, FIRST);
        }
        if (run == 6) {
          tail.archiveAndTrim();
        }
        if (run == 8) {
          tail.water.split(tail.stream, SECOND);
        }
        if (put < 120) {
          tail.water.putOrders(tail.stream, put + 1, put + 10);
          put += 10;
        }
      }
      tail.assertIds(1, put);
      assertThat(tail.gaps).isEmpty();
    }
  }

  @Test
  void fromNowShowsWhatComesAndAPlaceGoesOnAfterIt() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      CompletableFuture<FollowOutcome> running = tail.joined();
      tail.water.putOrders(tail.stream, 21, 40);
      tail.awaitRecords(20);
      tail.control.cancel();
      FollowOutcome outcome = running.get(20, TimeUnit.SECONDS);
      assertThat(outcome.ending()).isEqualTo(Ending.STOPPED);
      tail.assertIds(21, 40);

      tail.water.split(tail.stream, SECOND);
      tail.water.putOrders(tail.stream, 41, 60);
      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(outcome.place().orElseThrow()))
              .withoutFollowing());
      tail.assertIds(21, 60);
    }
  }

  @Test
  void aShardThatGaveNothingGoesOnWhereItWasJoined() throws Exception {
    try (Tail tail = new Tail(water)) {
      CompletableFuture<FollowOutcome> running = tail.joined();
      tail.control.cancel();
      FollowOutcome outcome = running.get(20, TimeUnit.SECONDS);
      tail.water.putOrders(tail.stream, 1, 20);
      tail.archiveAndTrim();
      tail.water.putOrders(tail.stream, 21, 30);

      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(outcome.place().orElseThrow()))
              .withoutFollowing());
      // What was trimmed within the minute of the join is not proven; what is there is shown.
      assertThat(tail.ids()).containsAll(numbers(21, 30)).doesNotHaveDuplicates();
    }
  }

  @Test
  void followingCrossesAReshardWhileItRuns() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      tail.archiveAndTrim();
      CompletableFuture<FollowOutcome> running = tail.start(FollowRequest.of(tail.stream, START));
      tail.awaitRecords(20);
      tail.water.split(tail.stream, FIRST);
      tail.water.putOrders(tail.stream, 21, 40);
      tail.awaitRecords(40);
      tail.water.kinesis.scaleTo(tail.stream, 2);
      tail.water.putOrders(tail.stream, 41, 60);
      tail.awaitRecords(60);
      tail.control.cancel();
      running.get(20, TimeUnit.SECONDS);
      tail.assertIds(1, 60);
    }
  }

  @Test
  void aPositionGoesOnInItsShardAndItsDescendantsOnly() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 40);
      tail.follow(tail.all());
      Set<String> keys = new HashSet<>();
      List<StreamRecord> first =
          tail.records.stream().filter(r -> r.shard().shardId().equals(FIRST)).toList();
      first.forEach(record -> keys.add(record.partitionKey()));
      FollowStart after =
          new FollowStart.Positions(Map.of(FIRST, first.get(first.size() / 2).position()));
      List<Integer> expected =
          new ArrayList<>(
              first.subList(first.size() / 2 + 1, first.size()).stream().map(Tail::id).toList());

      tail.records.clear();
      tail.follow(FollowRequest.of(tail.stream, after).withoutFollowing());
      assertThat(tail.ids()).containsExactlyElementsOf(expected);

      // All of it again from the archive, and the children of both shards.
      tail.archiveAndTrim();
      tail.water.split(tail.stream, FIRST);
      tail.water.split(tail.stream, SECOND);
      tail.water.putOrders(tail.stream, 41, 60);
      tail.records.clear();
      FollowOutcome part =
          tail.follow(FollowRequest.of(tail.stream, after).withoutFollowing().limit(3));
      tail.water.putOrders(tail.stream, 61, 80);
      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(part.place().orElseThrow()))
              .withoutFollowing());
      assertThat(tail.gaps).isEmpty();
      assertThat(tail.records).allMatch(record -> keys.contains(record.partitionKey()));
      assertThat(tail.ids()).doesNotHaveDuplicates().containsAll(expected);
      tail.assertOrderPerKey();
      List<Integer> followed = tail.ids().stream().filter(id -> id > 40).toList();
      tail.records.clear();
      tail.follow(tail.all());
      assertThat(followed)
          .containsExactlyInAnyOrderElementsOf(
              tail.records.stream()
                  .filter(record -> keys.contains(record.partitionKey()))
                  .map(Tail::id)
                  .filter(id -> id > 40)
                  .toList());
    }
  }

  @Test
  void aPositionInNoShardIsNamed() throws Exception {
    try (Tail tail = new Tail(water)) {
      FollowStart nowhere =
          new FollowStart.Positions(
              Map.of("shardId-9", io.watershed.core.record.ShardPosition.parse("1")));
      assertThatThrownBy(() -> tail.follow(FollowRequest.of(tail.stream, nowhere)))
          .hasMessageContaining("has no shard shardId-9")
          .isInstanceOfSatisfying(
              WatershedException.class, e -> assertThat(e.hint()).contains(FIRST));
    }
  }

  /** An archive whose scans end a record before its checkpoints. */
  @Test
  void aSeamThatIsTooEarlyIsAnErrorAndNoEndlessRepeat() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      FollowOutcome before = tail.follow(tail.all());
      tail.water.putOrders(tail.stream, 21, 40);
      tail.archiveAndTrim();
      try (Follower follower =
          tail.follower(new EarlySeam(water.engine, tail.stream), Duration.ofSeconds(10))) {
        FollowOutcome outcome =
            follower.follow(
                FollowRequest.of(tail.stream, new FollowStart.At(before.place().orElseThrow()))
                    .withoutFollowing(),
                tail,
                new StatementControl());
        assertThat(outcome.ending()).isEqualTo(Ending.FAILED);
        assertThat(outcome.error().orElseThrow())
            .hasMessageContaining("but reading it ended at")
            .isInstanceOfSatisfying(
                WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
      }
    }
  }

  @Test
  void timesSelectOnBothSidesOfTheSeam() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      Instant from = tail.later();
      tail.water.putOrders(tail.stream, 21, 40);
      tail.commit(30);
      tail.water.putOrders(tail.stream, 41, 60);
      Instant until = tail.later();
      tail.water.putOrders(tail.stream, 61, 80);

      FollowStart since = new FollowStart.Since(from);
      assertThat(tail.follow(FollowRequest.of(tail.stream, since).until(until)).ending())
          .isEqualTo(Ending.DONE);
      tail.assertIds(21, 60);
      tail.records.clear();
      tail.follow(FollowRequest.of(tail.stream, since).withoutFollowing());
      tail.assertIds(21, 80);
    }
  }

  @Test
  void withoutAnArchiveATimeBeginsInTheStream() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      Instant from = tail.later();
      tail.water.putOrders(tail.stream, 21, 40);
      FollowOutcome part =
          tail.follow(
              FollowRequest.of(tail.stream, new FollowStart.Since(from))
                  .withoutFollowing()
                  .limit(3));
      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(part.place().orElseThrow()))
              .withoutFollowing());
      tail.assertIds(21, 40);
    }
  }

  @Test
  void anEndInTheFutureIsWaitedFor() throws Exception {
    try (Tail tail = new Tail(water)) {
      CompletableFuture<FollowOutcome> running =
          tail.start(FollowRequest.of(tail.stream, START).until(Instant.now().plusMillis(700)));
      tail.water.putOrders(tail.stream, 1, 10);
      assertThat(running.get(20, TimeUnit.SECONDS).ending()).isEqualTo(Ending.DONE);
      tail.assertIds(1, 10);
    }
  }

  @Test
  void aPredicateMeansTheSameOnBothSides() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      tail.commit(100);
      tail.water.putOrders(tail.stream, 21, 40);
      tail.follow(
          tail.all()
              .where(
                  "id % 10 = 3 AND "
                      + tail.stream
                      + ".amount > 5 AND _partition_key LIKE 'user-%'"));
      assertThat(tail.ids()).containsExactlyInAnyOrder(13, 23, 33);
    }
  }

  @Test
  void aColumnThatNoRecordHasYetIsNullAndSaidToBe() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 10);
      tail.follow(tail.all().where("note = 'x' OR id = 4"));
      assertThat(tail.ids()).containsExactly(4);
      assertThat(tail.notices).singleElement().asString().contains("'note'");
      tail.follow(tail.all().where("customer.city = 'Ulm'"));
      assertThat(tail.ids()).containsExactly(4);

      tail.water.put(
          tail.stream, "user-1", "{\"id\":11,\"note\":\"x\",\"customer\":{\"city\":\"Ulm\"}}");
      tail.records.clear();
      tail.follow(tail.all().where("note = 'x' AND customer.city = 'Ulm'"));
      assertThat(tail.ids()).containsExactly(11);
    }
  }

  private static void assertCastFails(Tail tail) {
    assertThatThrownBy(() -> tail.follow(tail.all().where("CAST(n AS INTEGER) = 10")))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL))
        .hasMessageContaining("Could not convert string '…' to INT32");
  }

  @Test
  void aPredicateThatIsMoreThanOneOrFailsIsAnError() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.put(tail.stream, "k", "{\"id\":1,\"n\":\"ten\"}");
      assertCode(ErrorCode.SQL, () -> tail.follow(tail.all().where("id IN (SELECT 1 FROM t)")));
      assertCastFails(tail);
      tail.water.archive(tail.stream);
      assertCastFails(tail);
      tail.follow(tail.all().where("TRY_CAST(n AS INTEGER) IS NULL"));
      assertThat(tail.records).hasSize(1);
    }
  }

  @Test
  void payloadsOfAnyBytesPass() throws Exception {
    try (Tail tail = new Tail(water)) {
      byte[] bad = {(byte) 0xff, 0, '{', 27, (byte) 0xc3};
      tail.water.kinesis.put(tail.stream, "k", bad);
      tail.water.kinesis.put(tail.stream, "k", new byte[0]);
      tail.water.put(tail.stream, "k", "{\"id\":1,");
      tail.commit(1);
      tail.follow(tail.all().where("_decode_error IS NOT NULL"));
      assertThat(tail.records.stream().map(StreamRecord::payload))
          .containsExactlyInAnyOrder(
              bad, new byte[0], "{\"id\":1,".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatNeitherArchiveNorStreamHasIsAGap() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      tail.commit(100);
      tail.water.putOrders(tail.stream, 21, 60);
      for (String shard : List.of(FIRST, SECOND)) {
        tail.water.kinesis.expireOldest(tail.stream, shard, 15);
      }
      FollowOutcome outcome = tail.follow(tail.all());
      assertThat(outcome.gaps()).isEqualTo(2);
      assertThat(tail.gaps).extracting(gap -> gap.shard().shardId()).contains(FIRST, SECOND);
      assertThat(tail.ids()).containsAll(numbers(1, 20)).contains(60).doesNotHaveDuplicates();
    }
  }

  @Test
  void aGapThatTheArchiveRecordedIsReportedOnce() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      tail.commit(100);
      ShardKey shard = tail.state().checkpoints().firstKey();
      Gap gap =
          new Gap(
              shard,
              "START",
              java.util.Optional.empty(),
              java.util.Optional.empty(),
              "trimmed",
              Instant.now());
      tail.water.archiver.commit(
          tail.stream, tail.water.source(tail.stream), 10, SchemaSettings.DEFAULTS, List.of(gap));
      FollowOutcome first = tail.follow(tail.all().limit(5));
      assertThat(first.gaps()).isEqualTo(1);
      FollowOutcome rest =
          tail.follow(
              FollowRequest.of(tail.stream, new FollowStart.At(first.place().orElseThrow()))
                  .withoutFollowing());
      assertThat(rest.gaps()).isZero();
      tail.assertIds(1, 20);
    }
  }

  @Test
  void shardsThatTheStreamForgotComeFromTheArchive() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      FollowOutcome before = tail.follow(tail.all());
      tail.water.putOrders(tail.stream, 21, 30);
      tail.water.split(tail.stream, FIRST);
      tail.water.putOrders(tail.stream, 31, 50);
      tail.water.split(tail.stream, "shardId-000000000002");
      tail.water.putOrders(tail.stream, 51, 70);
      tail.water.archive(tail.stream);
      tail.water.archive(tail.stream);
      Set<String> forgotten = Set.of(FIRST, "shardId-000000000002");
      tail.hooked.listed = shard -> !forgotten.contains(shard.key().shardId());

      FollowRequest resume =
          FollowRequest.of(tail.stream, new FollowStart.At(before.place().orElseThrow()))
              .withoutFollowing();
      tail.follow(resume);
      tail.assertIds(1, 70);
      assertThat(tail.gaps).isEmpty();
    }
  }

  @Test
  void shardsThatNobodyHasAreGaps() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      FollowOutcome before = tail.follow(tail.all());
      tail.water.split(tail.stream, FIRST);
      tail.water.putOrders(tail.stream, 21, 40);
      tail.hooked.listed = shard -> !shard.key().shardId().equals(FIRST);
      FollowOutcome after =
          tail.follow(
              FollowRequest.of(tail.stream, new FollowStart.At(before.place().orElseThrow()))
                  .withoutFollowing());
      assertThat(tail.gaps).extracting(Gap::reason).containsExactly("shard-vanished");
      assertThat(after.gaps()).isEqualTo(1);
      assertThat(tail.ids()).contains(40).doesNotHaveDuplicates();
    }
  }

  @Test
  void failuresThatPassAreToldAndSurvived() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 40);
      tail.commit(5);
      for (Kind kind : List.of(Kind.THROTTLED, Kind.TRANSIENT, Kind.ITERATOR_EXPIRED)) {
        tail.records.clear();
        tail.notices.clear();
        Map<String, Integer> calls = new HashMap<>();
        tail.hooked.before =
            request -> {
              synchronized (calls) {
                return calls.merge(request, 1, Integer::sum) == 2 || calls.get(request) == 3
                    ? new StreamFailure(kind, "no", null)
                    : null;
              }
            };
        CompletableFuture<FollowOutcome> running = tail.start(FollowRequest.of(tail.stream, START));
        tail.awaitRecords(40);
        tail.awaitNotice("answers again");
        tail.control.cancel();
        assertThat(running.get(20, TimeUnit.SECONDS).gaps()).isZero();
        tail.assertIds(1, 40);
      }
    }
  }

  @Test
  void aFailureThatDoesNotPassEndsWithAPlaceToGoOn() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 40);
      tail.commit(5);
      tail.hooked.before =
          request ->
              request.startsWith("read " + SECOND)
                  ? new StreamFailure(
                      Kind.PERMANENT,
                      "no",
                      new WatershedException(ErrorCode.ACCESS_DENIED, "no", ""))
                  : null;
      FollowOutcome failed = tail.follower.follow(tail.all(), tail, tail.control);
      assertThat(failed.ending()).isEqualTo(Ending.FAILED);
      assertThat(failed.error().orElseThrow().code()).isEqualTo(ErrorCode.ACCESS_DENIED);
      tail.hooked.before = request -> null;
      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(failed.place().orElseThrow()))
              .withoutFollowing());
      tail.assertIds(1, 40);
    }
  }

  @Test
  void aSinkThatTakesNoMoreEndsItAndTheRecordIsNotDone() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 30);
      tail.commit(10);
      tail.accepts = 17;
      FollowOutcome closed = tail.follow(tail.all());
      assertThat(closed.ending()).isEqualTo(Ending.CLOSED);
      assertThat(closed.records()).isEqualTo(17);
      tail.accepts = Integer.MAX_VALUE;
      tail.follow(
          FollowRequest.of(tail.stream, new FollowStart.At(closed.place().orElseThrow()))
              .withoutFollowing());
      tail.assertIds(1, 30);
    }
  }

  @Test
  void copiesOfArchivedRecordsAreLeftOutAsTheArchiverDoes() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 20);
      tail.commit(100);
      CompletableFuture<FollowOutcome> running = tail.start(FollowRequest.of(tail.stream, START));
      tail.awaitRecords(20);
      // Archived only while the tail runs; then a copy of it comes back, and one that was edited.
      tail.water.putOrders(tail.stream, 21, 30);
      tail.awaitRecords(30);
      tail.water.archive(tail.stream);
      StreamRecord origin = tail.find(25);
      byte[] copy = wrapped(origin, origin.payload());
      byte[] edited = wrapped(origin, origin.payload());
      edited[edited.length - 2] ^= 1;
      tail.water.kinesis.put(tail.stream, origin.partitionKey(), copy);
      tail.water.kinesis.put(tail.stream, origin.partitionKey(), edited);
      tail.awaitRecords(31);
      tail.water.putOrders(tail.stream, 31, 35);
      tail.awaitRecords(36);
      tail.control.cancel();
      running.get(20, TimeUnit.SECONDS);
      assertThat(tail.records.stream().filter(r -> r.payload().length == edited.length)).hasSize(1);
      assertThat(tail.records.get(30).payload()).isEqualTo(edited);
    }
  }

  @Test
  void aPlaceOfAnotherStreamOrIncarnationIsRefused() throws Exception {
    try (Tail tail = new Tail(water)) {
      tail.water.putOrders(tail.stream, 1, 3);
      FollowPlace place = tail.follow(tail.all()).place().orElseThrow();
      assertCode(
          ErrorCode.INVALID_INPUT,
          () -> tail.follow(FollowRequest.of("another", new FollowStart.At(place))));
      assertCode(ErrorCode.INVALID_INPUT, () -> FollowPlace.parse(place.text().substring(0, 30)));
      assertCode(ErrorCode.INVALID_INPUT, () -> FollowPlace.parse("t1_"));
    }
  }

  private static byte[] wrapped(StreamRecord origin, byte[] payload) {
    Position position =
        new Position(
            origin.shard().incarnation(),
            origin.shard().shardId(),
            origin.position().sequenceNumber().decimal(),
            0);
    return Envelope.wrap(EnvelopeHeader.of("replay-1", position, origin.arrivalTime(), 1), payload);
  }

  private static void assertCode(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static List<Integer> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  /** A stream, its archive, and what a follower gave of them. */
  static final class Tail implements AutoCloseable, FollowSink {
    final Water water;
    final String stream = "orders" + STREAMS.incrementAndGet();
    final HookedSource hooked;
    final Follower follower;
    final List<StreamRecord> records = new ArrayList<>();
    final List<Gap> gaps = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    volatile StatementControl control = new StatementControl();
    volatile int accepts = Integer.MAX_VALUE;
    private final Map<ShardKey, Long> expired = new HashMap<>();
    private final AtomicInteger days = new AtomicInteger();
    private final AtomicInteger steps = new AtomicInteger();
    private int eventStep = -1;
    private boolean happened;
    private Event event = tail -> {};

    Tail(Water water) {
      this.water = water;
      water.kinesis.createStream(stream, 2);
      water.sources.put(stream, water.streams.source(stream));
      hooked = new HookedSource(water.source(stream));
      follower = follower(water.engine, Duration.ofSeconds(10));
    }

    /** The machine's timers, on a day when nothing is trimmed before it is old. */
    private Scheduler aged() {
      return new Scheduler() {
        @Override
        public Instant instant() {
          return water.timers.instant().plus(Duration.ofDays(days.get()));
        }

        @Override
        public long nanoTime() {
          return water.timers.nanoTime();
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
          water.timers.schedule(delay, task);
        }
      };
    }

    Follower follower(QueryEngine engine, Duration patience) {
      StreamSource source =
          sharing
              ? new SharedSource(hooked, Water.LIVE.minCallInterval(), () -> 1L << 20, aged())
              : hooked;
      return Follower.open(
          engine,
          water.reservoir,
          StreamSources.of(Map.of(stream, source)),
          SqlSettings.DEFAULTS,
          Water.LIVE,
          patience,
          water.folder.resolve("follow"));
    }

    FollowRequest all() {
      return FollowRequest.of(stream, START).withoutFollowing();
    }

    FollowOutcome follow(FollowRequest request) {
      control = new StatementControl();
      FollowOutcome outcome = follower.follow(request, this, control);
      outcome
          .error()
          .ifPresent(
              e -> {
                throw e;
              });
      return outcome;
    }

    CompletableFuture<FollowOutcome> start(FollowRequest request) {
      StatementControl own = new StatementControl();
      control = own;
      return CompletableFuture.supplyAsync(() -> follower.follow(request, this, own));
    }

    /** Follows from now on; both shards have been read at their tips. */
    CompletableFuture<FollowOutcome> joined() throws InterruptedException {
      Set<String> seen = new HashSet<>();
      CountDownLatch both = new CountDownLatch(2);
      hooked.before =
          request -> {
            synchronized (seen) {
              // The second read of a shard shows that the first was answered.
              if (request.startsWith("read")
                  && !seen.add(request)
                  && seen.add(request + " again")) {
                both.countDown();
              }
            }
            return null;
          };
      CompletableFuture<FollowOutcome> running =
          start(FollowRequest.of(stream, new FollowStart.Now()));
      assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
      return running;
    }

    /** The event happens once, before this step: a request to the stream, or a record. */
    void at(int step, Event what) {
      eventStep = step;
      event = what;
      hooked.before =
          request -> {
            step();
            return null;
          };
    }

    private synchronized void step() {
      if (steps.getAndIncrement() == eventStep) {
        happened = true;
        try {
          event.happen(this);
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }

    boolean happened() {
      return happened;
    }

    void commit(int maxPerShard) throws Exception {
      water.archiver.commit(
          stream, water.source(stream), maxPerShard, SchemaSettings.DEFAULTS, List.of());
    }

    TableState state() {
      return water.reservoir.find(stream).orElseThrow().load();
    }

    /** Archives everything; the stream forgets all of it but the last record of each shard. */
    void archiveAndTrim() throws Exception {
      water.archive(stream);
      days.incrementAndGet();
      for (ShardCheckpoint checkpoint : state().checkpoints().values()) {
        long gone = expired.getOrDefault(checkpoint.key(), 0L);
        long more = checkpoint.rows() - 1 - gone;
        if (more > 0) {
          water.kinesis.expireOldest(stream, checkpoint.key().shardId(), more);
          expired.put(checkpoint.key(), gone + more);
        }
      }
    }

    /** A time after everything that was put, and before everything that will be. */
    Instant later() {
      Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusMillis(2);
      while (!Instant.now().isAfter(time)) {
        Thread.onSpinWait();
      }
      return time;
    }

    @Override
    public void record(StreamRecord record) throws IOException {
      if (eventStep >= 0) {
        step();
      }
      synchronized (this) {
        if (records.size() >= accepts) {
          throw new IOException("closed");
        }
        records.add(record);
        notifyAll();
      }
    }

    @Override
    public void pause() {}

    @Override
    public synchronized void gap(Gap gap) {
      gaps.add(gap);
    }

    @Override
    public synchronized void notice(String sentence) {
      notices.add(sentence);
      notifyAll();
    }

    synchronized void awaitRecords(int count) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (records.size() < count) {
        assertThat(System.nanoTime())
            .as("waiting for records, have " + records.size())
            .isLessThan(deadline);
        wait(100);
      }
    }

    synchronized void awaitNotice(String text) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (notices.stream().noneMatch(notice -> notice.contains(text))) {
        assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(deadline);
        wait(100);
      }
    }

    synchronized List<Integer> ids() {
      return records.stream().map(Tail::id).toList();
    }

    StreamRecord find(int id) {
      return records.stream().filter(record -> id(record) == id).findFirst().orElseThrow();
    }

    static int id(StreamRecord record) {
      String text = new String(record.payload(), StandardCharsets.UTF_8);
      return Integer.parseInt(text.substring(6, text.indexOf(',')));
    }

    void assertIds(int first, int last) {
      assertThat(ids()).containsExactlyInAnyOrderElementsOf(numbers(first, last));
      assertOrderPerKey();
    }

    /** Ids were put in order, so each key has them in order. */
    synchronized void assertOrderPerKey() {
      Map<String, Integer> last = new HashMap<>();
      for (StreamRecord record : records) {
        int id = id(record);
        assertThat(last.getOrDefault(record.partitionKey(), 0))
            .as(record.partitionKey())
            .isLessThan(id);
        last.put(record.partitionKey(), id);
      }
    }

    @Override
    public void close() {
      follower.close();
    }
  }
}
