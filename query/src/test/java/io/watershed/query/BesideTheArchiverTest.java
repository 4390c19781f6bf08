package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.Water.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view while the real archiver commits, columns grow, and a shard splits. */
class BesideTheArchiverTest {
  private static final String CHECK =
      "SELECT count(*), count(DISTINCT id), sum(id), sum(c.n), count(c.late), count(extra),"
          + " count(DISTINCT (_shard_id, _sequence_number)) FROM orders";

  @TempDir Path folder;

  @Test
  void everyReceiptIsOneSetForEver() throws Exception {
    try (Water water = new Water(folder, "orders");
        ArchiveService archiver =
            new ArchiveService(
                water.reservoir,
                List.of(new ArchivedStream("orders", () -> water.source("orders"))),
                ArchiveSettings.DEFAULTS
                    .withCommitInterval(Duration.ofMillis(200))
                    .withPollInterval(Duration.ofMillis(50))
                    .withListInterval(Duration.ofMillis(200)),
                InstantSource.system())) {
      StopSignal stop = new StopSignal();
      put(water, 0, 50);
      CompletableFuture<?> running =
          CompletableFuture.supplyAsync(() -> archiver.run(ArchiveMode.CONTINUOUS, stop));
      List<Answer> answers = new ArrayList<>();
      for (int round = 1; round <= 6; round++) {
        if (round == 3) {
          water.split("orders", "shardId-000000000000");
        }
        put(water, round * 50, round * 50 + 50);
        Answer answer = water.ask(CHECK);
        long all = round * 50 + 50;
        assertThat(answer.rows.get(0).subList(0, 3))
            .containsExactly(all, all, new java.math.BigInteger("" + all * (all - 1) / 2));
        assertThat(answer.rows.get(0).get(6)).isEqualTo(all);
        answers.add(answer);
      }
      stop.request();
      running.join();
      // It stops with what it has read: a slow machine may leave a rest.
      water.archive("orders");
      assertThat(water.ask("SELECT count(*) FROM orders_live").single()).isEqualTo(0L);
      for (Answer answer : answers) {
        Answer again = water.ask(SqlRequest.of(CHECK).at(answer.receipt()));
        assertThat(again.rows).isEqualTo(answer.rows);
      }
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        List<String> payloads = new ArrayList<>();
        scan.records().forEachRemaining(r -> payloads.add(text(r)));
        assertThat(payloads).hasSize(350).doesNotHaveDuplicates();
      }
    }
  }

  /** Members are rare at first, and one gets another type later. */
  private static void put(Water water, int first, int end) {
    for (int id = first; id < end; id++) {
      String late = id == 0 || id >= 150 ? ",\"late\":\"x\"" : "";
      String extra = id == 0 || id >= 200 ? ",\"extra\":" + (id % 2 == 0 ? "1" : "\"one\"") : "";
      water.put(
          "orders",
          "k" + id % 11,
          "{\"id\":" + id + ",\"c\":{\"n\":" + id % 5 + late + "}" + extra + "}");
    }
  }

  private static String text(StreamRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }
}
