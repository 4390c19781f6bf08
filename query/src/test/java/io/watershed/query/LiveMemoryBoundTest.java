package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMemory;
import io.watershed.cut.StreamSources;
import io.watershed.query.Water.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What live records may take in memory, all statements together. */
class LiveMemoryBoundTest {
  private static final int STREAMS = 6;
  private static final int EACH = 200;

  /** Of a record of 500 bytes, as it counts; so two streams fit, and no three. */
  private static final long BOUND = 2 * EACH * 900L;

  @TempDir static Path folder;
  private static Water water;
  private final LiveMemory memory = new LiveMemory(BOUND);
  private final List<QueryEngine> engines = new ArrayList<>();

  @BeforeAll
  static void openAll() {
    String[] names =
        IntStream.range(0, STREAMS + 1).mapToObj(i -> "orders" + i).toArray(String[]::new);
    water = new Water(folder, names);
    String padding = "x".repeat(480);
    for (int stream = 0; stream < STREAMS; stream++) {
      for (int id = 0; id < EACH; id++) {
        water.put("orders" + stream, "user-" + id, "{\"id\":" + id + ",\"p\":\"" + padding + "\"}");
      }
    }
    // More than the bound.
    for (int id = 0; id < 3 * EACH; id++) {
      water.put("orders" + STREAMS, "user-" + id, "{\"id\":" + id + ",\"p\":\"" + padding + "\"}");
    }
  }

  @AfterAll
  static void closeAll() {
    water.close();
  }

  @AfterEach
  void close() {
    engines.forEach(QueryEngine::close);
    assertThat(memory.used()).isZero();
  }

  private QueryEngine engine(Duration timeout) {
    LiveReadSettings live =
        new LiveReadSettings(100_000, 64L << 20, timeout, Duration.ofMillis(1), 10_000, 3);
    QueryEngine engine =
        new DuckDbQueryEngine(
            water.reservoir,
            StreamSources.of(water.sources),
            SqlSettings.DEFAULTS,
            live,
            memory,
            folder.resolve("bounded"),
            Optional.empty(),
            Optional.empty());
    engines.add(engine);
    return engine;
  }

  private static String count(int stream) {
    return "SELECT count(*), count(p) FROM orders" + stream;
  }

  @Test
  void statementsThatDoNotFitTogetherWaitForEachOther() {
    QueryEngine engine = engine(Duration.ofMinutes(1));
    List<CompletableFuture<Answer>> answers =
        IntStream.range(0, 4 * STREAMS)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> Water.ask(engine, SqlRequest.of(count(i % STREAMS))),
                        task -> new Thread(task).start()))
            .toList();
    for (CompletableFuture<Answer> answer : answers) {
      assertThat(answer.join().rows).containsExactly(List.of((long) EACH, (long) EACH));
    }
  }

  @Test
  void whatNeverFitsIsALimitWithAHint() {
    QueryEngine engine = engine(Duration.ofMinutes(1));
    assertThatThrownBy(() -> Water.ask(engine, SqlRequest.of(count(STREAMS))))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
              assertThat(e.getMessage()).contains("more memory than");
              assertThat(e.hint()).contains("-Xmx");
            });
    assertThat(Water.ask(engine, SqlRequest.of(count(0))).single()).isEqualTo((long) EACH);
  }

  @Test
  void aStatementThatGetsNoRoomInItsTimeIsALimitAndAsksAgainLater() {
    QueryEngine engine = engine(Duration.ofMinutes(1));
    try (RecordScan scan = engine.scan(ScanRequest.of("orders0"));
        RecordScan other = engine.scan(ScanRequest.of("orders1"))) {
      assertThat(memory.used()).isGreaterThan(BOUND / 2);
      assertThatThrownBy(() -> Water.ask(engine(Duration.ofMillis(500)), SqlRequest.of(count(2))))
          .isInstanceOfSatisfying(
              WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }
    assertThat(Water.ask(engine, SqlRequest.of(count(2))).single()).isEqualTo((long) EACH);
  }

  @Test
  void aStatementThatRunsHoldsNoRecordsAnyMore() {
    QueryEngine engine = engine(Duration.ofMinutes(1));
    Map<String, Long> used = new java.util.TreeMap<>();
    Answer answer =
        new Answer() {
          @Override
          public void begin(List<ResultColumn> names) {
            used.put("running", memory.used());
          }
        };
    var unused = engine.execute(SqlRequest.of("SELECT p FROM orders0"), answer);
    assertThat(answer.rows).hasSize(EACH);
    assertThat(used).containsEntry("running", 0L);
  }
}
