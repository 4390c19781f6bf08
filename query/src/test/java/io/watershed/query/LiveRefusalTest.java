package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live read that will not end within its bounds is refused before it is made. */
class LiveRefusalTest {
  private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
  private static final int RECORDS = 3_000;
  private static final int BATCH = 100;

  @TempDir Path folder;

  /** Two shards, a record of 20 bytes a second in each. */
  private static MemoryStream stream() {
    MemoryStream stream = new MemoryStream("orders", 2, BATCH);
    for (int i = 0; i < RECORDS; i++) {
      stream.put(i % 2, DAY.plusSeconds(i / 2), String.format("{\"id\":%13d}", i));
    }
    return stream;
  }

  private static LiveReadSettings bounds(int records, long bytes, Duration timeout) {
    return new LiveReadSettings(records, bytes, timeout, Duration.ofMillis(1), BATCH, 3);
  }

  private Answer ask(MemoryStream stream, LiveReadSettings bounds, LiveMode mode) {
    return ask(Map.of("orders", stream), "SELECT count(*) FROM orders", bounds, mode);
  }

  private Answer ask(
      Map<String, MemoryStream> streams, String sql, LiveReadSettings bounds, LiveMode mode) {
    try (Reservoir reservoir =
            Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
        QueryEngine engine =
            QueryEngine.open(
                reservoir,
                StreamSources.of(Map.copyOf(streams)),
                SqlSettings.DEFAULTS,
                bounds,
                folder.resolve("cache"))) {
      Answer answer = new Answer();
      answer.outcome = engine.execute(SqlRequest.of(sql).with(mode), answer);
      return answer;
    }
  }

  @Test
  void itIsRefusedWithItsFiguresAfterOneBatchOfEachShard() {
    for (LiveReadSettings bounds :
        new LiveReadSettings[] {
          bounds(RECORDS - 1, 1 << 20, Duration.ofSeconds(20)),
          bounds(RECORDS, 20 * RECORDS - 1, Duration.ofSeconds(20))
        }) {
      MemoryStream stream = stream();
      assertThatThrownBy(() -> ask(stream, bounds, LiveMode.AUTO))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
                assertThat(e.getMessage()).contains("about 3,000 records");
                assertThat(e.hint()).contains("_shard_id", "live_max_size", "--live off");
              });
      assertThat(stream.reads).isEqualTo(2);
    }
  }

  @Test
  void whatTakesTooLongIsRefused() {
    MemoryStream stream = stream();
    LiveReadSettings slow =
        new LiveReadSettings(
            10_000, 1 << 20, Duration.ofSeconds(5), Duration.ofMillis(500), BATCH, 3);
    assertThatThrownBy(() -> ask(stream, slow, LiveMode.REQUIRE))
        .hasMessageContaining("takes about 7s")
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    assertThat(stream.reads).isEqualTo(2);
  }

  @Test
  void whatIsReadOfParentsIsNotExpectedAgain() {
    MemoryStream stream = stream();
    stream.split(0);
    stream.split(1);
    for (int i = RECORDS; i < 2 * RECORDS; i++) {
      stream.put(2 + i % 4, DAY.plusSeconds(i / 4), String.format("{\"id\":%13d}", i));
    }
    LiveReadSettings exact = bounds(2 * RECORDS, 40L * RECORDS, Duration.ofSeconds(60));
    assertThat(ask(stream, exact, LiveMode.AUTO).single()).isEqualTo(2L * RECORDS);
  }

  @Test
  void theStreamsOfAStatementShareItsBounds() {
    Map<String, MemoryStream> both = Map.of("orders", stream(), "clicks", stream());
    String sql = "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM clicks)";
    Duration time = Duration.ofSeconds(20);
    // What one stream is just reading may still be expected, too, when the other one asks.
    int enough = 2 * RECORDS + RECORDS / 2;
    assertThat(ask(both, sql, bounds(enough, 1 << 20, time), LiveMode.AUTO).single())
        .isEqualTo(2L * RECORDS);
    Map<String, MemoryStream> again = Map.of("orders", stream(), "clicks", stream());
    assertThatThrownBy(() -> ask(again, sql, bounds(2 * RECORDS - 1, 1 << 20, time), LiveMode.AUTO))
        .hasMessageMatching("about [67],\\d00 records, .*the bounds are 5,999 records.*");
  }

  @Test
  void whatFitsIsReadAndItsEstimateReported() {
    Answer answer =
        ask(stream(), bounds(RECORDS, 20 * RECORDS, Duration.ofSeconds(20)), LiveMode.AUTO);
    assertThat(answer.single()).isEqualTo((long) RECORDS);
    var cost = answer.outcome.report().streams().get(0);
    assertThat(cost.estimate().records()).isEqualTo(RECORDS);
    assertThat(cost.estimate().bytes()).isEqualTo(20L * RECORDS);
  }
}
