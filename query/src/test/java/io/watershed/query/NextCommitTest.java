package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.HotTail;
import io.watershed.cut.OwnArchiver;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements beside an archiver of their process that commits every few seconds, or does not. */
class NextCommitTest {
  private static final String SPLIT = "shardId-000000000000";

  @TempDir Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private final CompletableFuture<Map<ShardKey, ShardPosition>> readThrough =
      new CompletableFuture<>();
  private Water water;
  private HotWater hot;

  @BeforeEach
  void open() throws Exception {
    water = new Water(folder, "orders");
    hot = new HotWater(folder, water, archiver());
    water.putOrders("orders", 1, 20);
    water.archive("orders");
  }

  @AfterEach
  void close() {
    hot.close();
    water.close();
  }

  /** Holds nothing that statements could have; tells what it has read once that is complete. */
  private HotTail archiver() {
    return new HotTail() {
      @Override
      public HotAnswer ask(UUID table, Documents documents) {
        return HotAnswer.NONE;
      }

      @Override
      public Optional<OwnArchiver> own() {
        return Optional.of(
            (table, arrived) -> {
              asked.incrementAndGet();
              return Optional.ofNullable(readThrough.getNow(null));
            });
      }
    };
  }

  /** What the stream holds now is what the archiver has read. */
  private void everythingIsRead() throws Exception {
    readThrough.complete(lastPositions(""));
  }

  private Map<ShardKey, ShardPosition> lastPositions(String shardId) throws Exception {
    Map<ShardKey, ShardPosition> last = new HashMap<>();
    HotWater.readAll(water.source("orders"))
        .forEach(
            (key, records) -> {
              if (!records.isEmpty() && key.shardId().contains(shardId)) {
                last.put(key, records.get(records.size() - 1).position());
              }
            });
    return last;
  }

  private CompletableFuture<Object> count() {
    return CompletableFuture.supplyAsync(() -> hot.ask("SELECT count(*) FROM orders").single());
  }

  private void awaitQuestions(int count) throws InterruptedException {
    while (asked.get() < count) {
      Thread.sleep(5);
    }
  }

  @Test
  void theArchiveAloneAnswersOnceItHoldsWhatHadArrived() throws Exception {
    water.putOrders("orders", 21, 30);
    water.archive("orders");
    water.putOrders("orders", 31, 40);
    CompletableFuture<Object> count = count();
    awaitQuestions(2); // the archiver has not read them yet
    everythingIsRead();
    water.putOrders("orders", 41, 42); // later than what it was asked for
    water.archive("orders");
    assertThat(count.get()).isIn(40L, 42L);
    assertThat(hot.reads("orders").calls).hasValue(0);
  }

  @Test
  void aSeldomCommitIsNotWaitedFor() throws Exception {
    water.putOrders("orders", 21, 30);
    assertThat(count().get()).isEqualTo(30L);
    assertThat(hot.reads("orders").records.get()).isPositive();
  }

  @Test
  void aShardThatWasSplitIsReadToItsEnd() throws Exception {
    water.putOrders("orders", 21, 30);
    water.archive("orders");
    water.split("orders", SPLIT);
    water.putOrders("orders", 31, 60);
    readThrough.complete(lastPositions(SPLIT));
    assertThat(count().get()).isEqualTo(60L);
    assertThat(hot.reads("orders").calls.get()).isPositive();
  }
}
