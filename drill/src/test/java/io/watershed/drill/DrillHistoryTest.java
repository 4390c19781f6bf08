package io.watershed.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.query.Histories;
import io.watershed.query.SqlRequest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories of payloads at random, asked in Drill while an archiver commits and compacts them and
 * shards split and merge: each answer is what the embedded engine says at its receipt, and what
 * Drill says when it is asked as of the receipt at the end. More histories: {@code
 * -Dwatershed.histories=20}.
 */
@EnabledForJreRange(max = JRE.JAVA_17, disabledReason = "Drill 1.22 runs on no newer Java than 17")
class DrillHistoryTest {
  private static final int BATCH = 15;
  private static final String MICROS = "_arrival_time_micros";

  @TempDir Path folder;

  static IntStream seeds() {
    return IntStream.rangeClosed(1, Integer.getInteger("watershed.histories", 1));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyAnswerIsThatOfItsReceipt(int seed) throws Exception {
    Histories history = new Histories(seed);
    try (Pond pond = new Pond(folder, "orders");
        EmbeddedDrillbit drillbit = EmbeddedDrillbit.start(folder.resolve("drill"));
        DrillSession drill = DrillSession.open(drillbit, pond.config)) {
      String early = "";
      List<String> then = List.of();
      for (int shards : new int[] {2, 3, 2, 1}) {
        pond.kinesis.scaleTo("orders", shards);
        put(pond, history);
        CompletableFuture<Void> archiving =
            CompletableFuture.runAsync(
                () -> {
                  pond.archive("orders");
                  put(pond, history);
                  pond.compact("orders");
                  pond.archive("orders");
                });
        while (!archiving.isDone()) {
          then = same(pond, drill, "SELECT * FROM orders");
          early = receipt(drill);
        }
        archiving.join();
        put(pond, history);
        same(pond, drill, "SELECT * FROM orders");
        same(pond, drill, "SELECT * FROM orders_live");
      }
      pond.archive("orders");
      pond.compact("orders");
      same(pond, drill, "SELECT * FROM orders_archive");
      assertThat(
              drill
                  .ask("SELECT * FROM watershed.\"" + early + "\".orders")
                  .without(MICROS)
                  .sorted())
          .isEqualTo(then);
    }
  }

  private static synchronized void put(Pond pond, Histories history) {
    int i = 0;
    for (byte[] payload : history.nextBatch(BATCH)) {
      pond.kinesis.put("orders", "key-" + i++ % 5, payload);
    }
  }

  private static String receipt(DrillSession drill) throws SQLException {
    return drill
        .ask("SELECT receipt FROM watershed.receipts ORDER BY asked_at DESC LIMIT 1")
        .only()
        .toString();
  }

  private static List<String> same(Pond pond, DrillSession drill, String sql) throws SQLException {
    List<String> theirs = drill.ask(sql).without(MICROS).sorted();
    List<String> ours = pond.ask(SqlRequest.of(sql).at(receipt(drill))).sorted();
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      assertThat(theirs.get(i)).as("row %d of %s", i, sql).isEqualTo(ours.get(i));
    }
    assertThat(theirs).as(sql).hasSameSizeAs(ours);
    return theirs;
  }
}
