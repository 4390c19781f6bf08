package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SqlSettings;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.Water.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements over one stream at the same time share live reads, and miss nothing by that. */
class SharedLiveReadTest {
  private static final int STATEMENTS = 12;

  @TempDir Path folder;
  private Water water;
  private HeldReads reads;
  private QueryEngine engine;

  /** Answers of GetRecords wait at a gate on their way back. */
  private static final class HeldReads extends ForwardingSource {
    final AtomicInteger liveReads = new AtomicInteger();
    final CompletableFuture<Void> answered = new CompletableFuture<>();
    final CompletableFuture<Void> gate = new CompletableFuture<>();

    HeldReads(StreamSource source) {
      super(source);
    }

    @Override
    public CompletableFuture<StreamDescription> describe() {
      liveReads.incrementAndGet();
      return super.describe();
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      return super.read(shardId, iterator, maxRecords)
          .thenCompose(
              batch -> {
                answered.complete(null);
                return gate.thenApply(open -> batch);
              });
    }
  }

  @BeforeEach
  void open() {
    water = new Water(folder, "orders");
    reads = new HeldReads(water.source("orders"));
    engine =
        QueryEngine.open(
            water.reservoir,
            StreamSources.of(Map.of("orders", reads)),
            SqlSettings.DEFAULTS,
            Water.LIVE,
            folder.resolve("shared"));
  }

  @AfterEach
  void close() {
    engine.close();
    water.close();
  }

  private CompletableFuture<Object> submit(String sql) {
    CompletableFuture<Object> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Answer answer = new Answer();
                answer.outcome = engine.execute(SqlRequest.of(sql), answer);
                result.complete(answer.single());
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** Threads that read, or wait for a read. */
  private static long gathered() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Stream.of(stack)
                    .anyMatch(frame -> frame.getClassName().equals("io.watershed.cut.Gathering")))
        .count();
  }

  private void put(int id) {
    water.put("orders", "user-" + id, "{\"id\":" + id + ",\"name\":\"n" + id + "\"}");
  }

  @Test
  void manyStatementsCostTwoLiveReadsAndEachSeesWhatWasPutBeforeIt() throws Exception {
    put(0);
    List<CompletableFuture<Object>> results = new ArrayList<>();
    results.add(submit("SELECT count(*) FROM orders WHERE id = 0"));
    reads.answered.get();
    for (int id = 1; id < STATEMENTS; id++) {
      put(id);
      String column = id % 2 == 0 ? "id" : "name";
      String value = id % 2 == 0 ? "" + id : "'n" + id + "'";
      results.add(submit("SELECT count(*) FROM orders WHERE " + column + " = " + value));
    }
    while (gathered() < STATEMENTS) {
      Thread.onSpinWait();
    }
    assertThat(reads.liveReads).hasValue(1);
    reads.gate.complete(null);
    for (CompletableFuture<Object> result : results) {
      assertThat(result.get()).isEqualTo(1L);
    }
    assertThat(reads.liveReads).hasValue(2);
    // The files that they shared are gone with the last of them.
    try (Stream<Path> left = Files.walk(folder.resolve("shared").resolve("tmp"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aStatementThatIsGivenUpLeavesTheOthersTheirRead() throws Exception {
    put(0);
    CompletableFuture<Object> first = submit("SELECT count(*) FROM orders");
    reads.answered.get();
    StatementControl control = new StatementControl();
    CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                engine.execute(SqlRequest.of("SELECT id FROM orders"), new Answer(), control);
              } catch (RuntimeException e) {
                cancelled.complete(e);
              }
            });
    thread.start();
    while (gathered() < 2) {
      Thread.onSpinWait();
    }
    CompletableFuture<Object> third = submit("SELECT count(*) FROM orders");
    while (gathered() < 3) {
      Thread.onSpinWait();
    }
    control.cancel();
    assertThat(cancelled.get()).hasMessageContaining("cancelled");
    reads.gate.complete(null);
    assertThat(first.get()).isEqualTo(1L);
    assertThat(third.get()).isEqualTo(1L);
  }
}
