package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.FAST;
import static io.watershed.archive.ArchiveFixture.await;
import static io.watershed.archive.ArchiveFixture.outcome;
import static io.watershed.archive.ArchiveFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.Sleeper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes, lost answers, outages and other archivers: every record is archived exactly once. */
final class CrashTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;
  private FaultyStore store;
  private Reservoir reservoir;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    store = new FaultyStore(new DiskStore(fixture.root));
    reservoir =
        new Reservoir(
            store,
            ReservoirSettings.DEFAULTS,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1), Sleeper.REAL),
            UUID::randomUUID);
    fixture.createStream(2);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private StreamArchiver archiver() {
    return archiver(FAST);
  }

  private StreamArchiver archiver(ArchiveSettings settings) {
    return fixture.archiver(settings, reservoir, f -> f);
  }

  private static WatershedException down() {
    return new WatershedException(ErrorCode.STORE, "The store is down", "Wait.");
  }

  @Test
  void aCrashBetweenUploadAndCommitLosesNothing() {
    fixture.put(0, 100);
    fixture.once();
    fixture.put(100, 200);
    AtomicReference<StreamArchiver> archiver = new AtomicReference<>(archiver());
    CountDownLatch crashed = new CountDownLatch(1);
    store.onCommit(
        (key, content) -> {
          archiver.get().abandon();
          crashed.countDown();
          throw down();
        });
    archiver.get().start(ArchiveMode.CONTINUOUS);
    await("the crash", () -> crashed.getCount() == 0);
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
    store.healthy();
    assertThat(fixture.once().records()).isEqualTo(100);
    assertThat(fixture.numbers()).isEqualTo(range(0, 200));
  }

  @Test
  void aCrashAfterTheCommitDoublesNothing() {
    fixture.put(0, 100);
    AtomicReference<StreamArchiver> archiver = new AtomicReference<>(archiver());
    CountDownLatch crashed = new CountDownLatch(1);
    store.onCommit(
        (key, content) -> {
          CreateOutcome outcome = store.really(key, content);
          archiver.get().abandon();
          crashed.countDown();
          return outcome;
        });
    archiver.get().start(ArchiveMode.CONTINUOUS);
    await("the crash", () -> crashed.getCount() == 0);
    store.healthy();
    StreamOutcome next = fixture.once();
    assertThat(next.failure()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
  }

  @Test
  void aCommitThatLandedWithoutAnAnswerIsNotRepeated() {
    fixture.put(0, 100);
    AtomicInteger commits = new AtomicInteger();
    store.onCommit(
        (key, content) -> {
          CreateOutcome outcome = store.really(key, content);
          return commits.incrementAndGet() <= 3 ? CreateOutcome.UNKNOWN : outcome;
        });
    StreamOutcome outcome = outcome(archiver().start(ArchiveMode.ONCE));
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.fences()).isZero();
    assertThat(outcome.records()).isEqualTo(100);
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
  }

  @Test
  void aCommitThatLandedWithoutAnAnswerIsFoundWhenTheStoreAnswersAgain() {
    fixture.put(0, 100);
    AtomicInteger commits = new AtomicInteger();
    store.onCommit(
        (key, content) -> {
          CreateOutcome outcome = store.really(key, content);
          boolean isData = new String(content, StandardCharsets.UTF_8).contains("\"snapshot-id\"");
          if (isData && commits.incrementAndGet() == 1) {
            store.failReads(8);
            return CreateOutcome.UNKNOWN;
          }
          return outcome;
        });
    StreamOutcome outcome = outcome(archiver().start(ArchiveMode.ONCE));
    assertThat(commits.get()).isPositive();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.fences()).isZero();
    assertThat(outcome.records()).isEqualTo(100);
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
  }

  @Test
  void aCommitThatDidNotLandIsMadeAgain() {
    fixture.put(0, 100);
    AtomicInteger commits = new AtomicInteger();
    store.onCommit(
        (key, content) ->
            commits.incrementAndGet() <= 3 ? CreateOutcome.UNKNOWN : store.really(key, content));
    StreamOutcome outcome = outcome(archiver().start(ArchiveMode.ONCE));
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.records()).isEqualTo(100);
    assertThat(fixture.numbers()).isEqualTo(range(0, 100));
  }

  @Test
  void aStoreThatIsDownForAWhileStopsNothingForGood() {
    StreamArchiver archiver = archiver();
    CompletableFuture<StreamOutcome> running = archiver.start(ArchiveMode.CONTINUOUS);
    fixture.put(0, 50);
    await("a commit", () -> archiver.status().records() == 50);
    store.onUpload(down());
    fixture.put(50, 100);
    await("the trouble shows", () -> archiver.status().trouble().isPresent());
    assertThat(archiver.status().trouble().orElseThrow()).contains("store is down");
    fixture.put(100, 150);
    store.healthy();
    await("all of it", () -> archiver.status().records() == 150);
    archiver.stop();
    assertThat(outcome(running).failure()).isEmpty();
    assertThat(fixture.numbers()).isEqualTo(range(0, 150));
  }

  @Test
  void aStoreThatStaysDownEndsTheStreamWithAnError() {
    fixture.put(0, 50);
    store.onUpload(down());
    ArchiveSettings impatient =
        FAST.withRetry(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(200));
    StreamOutcome outcome = outcome(archiver(impatient).start(ArchiveMode.CONTINUOUS));
    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.STORE);
    store.healthy();
    assertThat(fixture.once().records()).isEqualTo(50);
  }

  @Test
  void aZombieIsFencedAndLosesNothing() throws Exception {
    fixture.put(0, 100);
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    store.onCommit(
        (key, content) -> {
          asleep.countDown();
          try {
            wake.await();
          } catch (InterruptedException e) {
            throw down();
          }
          return store.really(key, content);
        });
    StreamArchiver zombie = archiver();
    CompletableFuture<StreamOutcome> running = zombie.start(ArchiveMode.CONTINUOUS);
    asleep.await();
    fixture.put(100, 150);
    assertThat(fixture.once().records()).isEqualTo(150);
    wake.countDown();
    await("the fence", () -> zombie.status().fences() > 0);
    fixture.put(150, 200);
    await("the zombie goes on with what is new", () -> zombie.status().records() == 50);
    zombie.stop();
    outcome(running);
    assertThat(fixture.numbers()).isEqualTo(range(0, 200));
  }

  @Test
  void oneOfTwoArchiversGivesUpAndNothingIsLostOrDoubled() {
    StreamArchiver first = archiver();
    StreamArchiver second = fixture.archiver();
    CompletableFuture<StreamOutcome> one = first.start(ArchiveMode.CONTINUOUS);
    CompletableFuture<StreamOutcome> two = second.start(ArchiveMode.CONTINUOUS);
    AtomicInteger put = new AtomicInteger();
    await(
        "one gives up",
        () -> {
          int from = put.getAndAdd(5);
          fixture.put(from, from + 5);
          return one.isDone() || two.isDone();
        });
    StreamArchiver left = one.isDone() ? second : first;
    StreamOutcome fenced = outcome(one.isDone() ? one : two);
    assertThat(fenced.failure().orElseThrow().code()).isEqualTo(ErrorCode.FENCED);
    assertThat(fenced.exitCode()).isEqualTo(5);
    left.stop();
    outcome(one.isDone() && left == second ? two : one);
    fixture.once();
    assertThat(fixture.numbers()).isEqualTo(range(0, put.get()));
  }
}
