package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.PendingRecords;
import io.watershed.archive.StopSignal;
import io.watershed.archive.hot.HotTailServer;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.archive.maintain.MaintenanceReport;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.hottail.SocketFolder;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.HotTail;
import io.watershed.cut.OwnArchiver;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.Water.Answer;
import io.watershed.query.hot.SocketHotTail;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Statements beside real archivers that offer what they have not committed. */
@DisabledOnOs(OS.WINDOWS)
class HotBesideTheArchiverTest {
  private static final String CHECK =
      "SELECT count(*), count(DISTINCT id), sum(id), count(DISTINCT (_shard_id,"
          + " _sequence_number)) FROM orders";

  /** For a machine that is busy: what is awaited comes at once on any other. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private Water water;
  private SocketFolder sockets;
  private HotTail socket;
  private HotWater hot;
  private long nextId;
  private volatile int shardsInMemory;
  private volatile @Nullable PendingRecords pending;

  @BeforeEach
  void open() throws Exception {
    water = new Water(folder, "orders");
    sockets = new SocketFolder(folder.resolve("s"));
    socket = memory();
    hot =
        new HotWater(
            folder,
            water,
            new HotTail() {
              @Override
              public HotAnswer ask(UUID table, Documents documents) {
                return noted(table, documents);
              }

              @Override
              public Optional<OwnArchiver> own() {
                return socket.own();
              }
            },
            this::read);
  }

  /** What statements read. */
  StreamSource read(String stream, StreamSource source) {
    return source;
  }

  /** What the archiver reads. */
  StreamSource archived(StreamSource source) {
    return source;
  }

  /** The timers of the endpoint's tests. */
  RealScheduler timers() {
    return water.timers;
  }

  /** How statements ask. */
  HotTail memory() {
    return new SocketHotTail(
        sockets, water.reservoir.toString(), "orders", HotWater.SMALL_CALLS, PATIENCE);
  }

  /** What the archiver that was started last holds; empty before the first. */
  Optional<PendingRecords> pending() {
    return Optional.ofNullable(pending);
  }

  private HotAnswer noted(UUID table, Documents documents) {
    HotAnswer answer = socket.ask(table, documents);
    shardsInMemory = answer.shards().size();
    return answer;
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    hot.close();
    water.close();
  }

  /** An archiver with its server, as {@code watershed archive} runs them. */
  private final class Running {
    final ArchiveService service;
    final StopSignal stop = new StopSignal();
    final AutoCloseable server;
    final CompletableFuture<ArchiveOutcome> outcome;

    Running(Duration commitInterval) {
      service =
          new ArchiveService(
              water.reservoir,
              List.of(new ArchivedStream("orders", () -> archived(water.source("orders")))),
              ArchiveSettings.DEFAULTS
                  .withCommitInterval(commitInterval)
                  .withPollInterval(Duration.ofMillis(20))
                  .withListInterval(Duration.ofMillis(100))
                  .withFence(1, NEVER, Duration.ofMillis(10)),
              InstantSource.system());
      opened.add(service);
      pending = service.pending("orders").orElseThrow();
      server =
          HotTailServer.start(
              sockets,
              water.reservoir.toString(),
              Map.of("orders", service.pending("orders").orElseThrow()));
      opened.add(server);
      outcome = CompletableFuture.supplyAsync(() -> service.run(ArchiveMode.CONTINUOUS, stop));
    }

    /** As SIGKILL does, but for the socket, which {@code HotTailServerTest} leaves behind. */
    void kill() throws Exception {
      service.close();
      server.close();
    }
  }

  /** Until archivers have read, or committed, everything that was put so far. */
  private void everythingIsRead() throws InterruptedException {
    await(
        () -> {
          TableState state = water.reservoir.createOrLoad("orders").load();
          return archived(state) == nextId || inMemory(state) == nextId;
        });
  }

  /**
   * An archiver commits when it comes to a new stream, and then not before the interval is over.
   */
  private void theFirstCommitIsOver() throws InterruptedException {
    Instant lately = Instant.now().minus(Duration.ofHours(1));
    await(
        () -> {
          var checkpoints = water.reservoir.createOrLoad("orders").load().checkpoints().values();
          return checkpoints.size() == 2
              && checkpoints.stream()
                  .allMatch(c -> c.completeThrough().filter(lately::isBefore).isPresent());
        });
  }

  private void everythingIsCommitted() throws InterruptedException {
    await(() -> archived(water.reservoir.archive("orders").load()) == nextId);
  }

  private static long archived(TableState state) {
    return state.checkpoints().values().stream().mapToLong(c -> c.rows()).sum();
  }

  /** Records in the archive and, where it fits to that, in memory. */
  private long inMemory(TableState state) {
    HotAnswer answer = socket.ask(state.tableUuid(), Documents.ONE);
    long records = 0;
    for (HotShard shard : answer.shards().values()) {
      ShardCheckpoint checkpoint = state.checkpoints().get(shard.shard());
      After after = checkpoint == null ? new After.Start() : checkpoint.after();
      records += shard.after(after).map(List::size).orElse(0);
    }
    return records + archived(state);
  }

  private void put(int count) {
    for (int i = 0; i < count; i++, nextId++) {
      water.put("orders", "user-" + nextId % 31, "{\"id\":" + nextId + "}");
    }
  }

  private Answer everyRecordOnce() {
    Answer answer = hot.ask(CHECK);
    assertThat(answer.rows.get(0))
        .containsExactly(nextId, nextId, BigInteger.valueOf(nextId * (nextId - 1) / 2), nextId);
    answers.add(answer);
    return answer;
  }

  private void everyReceiptHolds() {
    for (Answer answer : answers) {
      assertThat(hot.ask(SqlRequest.of(CHECK).at(answer.receipt())).rows).isEqualTo(answer.rows);
    }
  }

  @Test
  void theStreamIsReadOnceNotOnceAStatement() throws Exception {
    Running archiver = new Running(NEVER);
    theFirstCommitIsOver();
    put(1000);
    everythingIsRead();
    everyRecordOnce();
    assertThat(shardsInMemory).isEqualTo(2);
    assertThat(hot.reads("orders").calls.get()).isLessThanOrEqualTo(2);
    assertThat(hot.reads("orders").records.get()).isLessThanOrEqualTo(2);
    put(10);
    everyRecordOnce();
    assertThat(hot.reads("orders").records.get()).isLessThanOrEqualTo(12);
    everyReceiptHolds();
  }

  @Test
  void commitsCompactionReshardingAndRestartsTakeNothingAway() throws Exception {
    Running archiver = new Running(NEVER);
    theFirstCommitIsOver();
    int inMemory = 0;
    for (int round = 0; round < 8; round++) {
      put(60);
      switch (round) {
        case 2 -> water.split("orders", "shardId-000000000000");
        case 4 -> {
          archiver.kill();
          archiver = new Running(Duration.ofMillis(150));
        }
        case 6 -> compact();
        default -> everythingIsRead();
      }
      put(3);
      everyRecordOnce();
      inMemory += shardsInMemory;
    }
    assertThat(inMemory).isPositive();
    everyReceiptHolds();
    archiver.stop.request();
    archiver.outcome.join();
    everyRecordOnce();
    assertThat(shardsInMemory).isZero();
    everyReceiptHolds();
  }

  private void compact() throws Exception {
    for (int commit = 0; commit < 3; commit++) {
      put(40);
      everythingIsCommitted();
    }
    try (LocalMaintenance maintenance =
        new LocalMaintenance(water.reservoir, () -> Instant.now().plus(Duration.ofDays(2)))) {
      MaintenanceReport report =
          maintenance.run(
              "orders", PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
      assertThat(report.compactedFiles()).isPositive();
    }
  }

  /** A zombie's memory is as true as ever, until a commit tells it to let go. */
  @Test
  void anArchiverThatWasFencedAndDoesNotKnowChangesNoAnswer() throws Exception {
    Running zombie = new Running(NEVER);
    theFirstCommitIsOver();
    put(200);
    everythingIsRead();
    water.archive("orders");
    put(100);
    everythingIsRead();
    everyRecordOnce();
    assertThat(shardsInMemory).isEqualTo(2);
    assertThat(hot.reads("orders").records.get()).isLessThanOrEqualTo(2);
    zombie.stop.request();
    assertThat(zombie.outcome.join().streams().get(0).fences()).isPositive();
    everyRecordOnce();
    assertThat(shardsInMemory).isZero();
    everyReceiptHolds();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
