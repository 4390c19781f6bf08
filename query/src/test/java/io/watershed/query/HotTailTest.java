package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.Water.Answer;
import io.watershed.query.hot.HotTail;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a statement makes of an archiver's memory (PROTOCOL 5.4). The memory is made by hand here
 * and always true: wrong answers come only from using it where it does not hold.
 */
class HotTailTest {
  private static final String CHECK =
      "SELECT count(*), count(DISTINCT id), sum(id), count(DISTINCT (_shard_id,"
          + " _sequence_number)) FROM orders";
  private static final int EACH = 200;

  @TempDir Path folder;
  private final AtomicReference<HotTail> memory = new AtomicReference<>(HotTail.NONE);
  private Water water;
  private HotWater hot;

  @BeforeEach
  void open() throws Exception {
    water = new Water(folder, "orders");
    hot = new HotWater(folder, water, (table, documents) -> memory.get().ask(table, documents));
    // The table must be there to ask for its archiver's memory.
    var unused = water.reservoir.createOrLoad("orders");
  }

  @AfterEach
  void close() {
    hot.close();
    water.close();
  }

  /** Puts ids until every shard has so many records more. */
  private long fill(long firstId) throws Exception {
    long id = firstId;
    int before = smallest();
    while (smallest() < before + EACH) {
      for (int i = 0; i < 50; i++) {
        water.put("orders", "user-" + id % 97, "{\"id\":" + id++ + "}");
      }
    }
    return id;
  }

  private int smallest() throws Exception {
    return all().values().stream().mapToInt(List::size).min().orElseThrow();
  }

  private Map<ShardKey, List<StreamRecord>> all() throws Exception {
    return HotWater.readAll(water.source("orders"));
  }

  private void archive(int perShard) throws Exception {
    var unused =
        water.archiver.commit(
            "orders", water.source("orders"), perShard, SchemaSettings.DEFAULTS, List.of());
  }

  private void holds(HotAnswer answer) {
    memory.set((table, documents) -> answer);
  }

  private Answer everyRecordOnce(long records) {
    Answer answer = hot.ask(CHECK);
    assertThat(answer.rows.get(0))
        .containsExactly(
            records, records, BigInteger.valueOf(records * (records - 1) / 2), records);
    return answer;
  }

  @Test
  void whatTheArchiverHoldsIsNotReadFromTheStreamAgain() throws Exception {
    long count = fill(0);
    everyRecordOnce(count);
    long calls = hot.reads.calls.get();
    long bytes = hot.reads.bytes.get();
    assertThat(calls).isGreaterThanOrEqualTo(2 * EACH / 50);
    holds(HotWater.holdingAll(all()));
    everyRecordOnce(count);
    // One call a shard, which gives the last record again as the proof that nothing is missing.
    assertThat(hot.reads.calls).hasValue(2);
    assertThat(hot.reads.records).hasValue(2);
    assertThat(hot.reads.bytes.get()).isLessThan(bytes / 50);
  }

  @Test
  void aRecordThatCameAfterTheArchiversLastReadIsSeen() throws Exception {
    long count = fill(0);
    holds(HotWater.holding(all(), 0, EACH));
    long more = fill(count);
    everyRecordOnce(more);
    assertThat(hot.reads.records.get()).isLessThanOrEqualTo(more - 2 * EACH + 2);
  }

  @Test
  void aMemoryThatBeginsAboveTheCheckpointIsNotUsed() throws Exception {
    long count = fill(0);
    archive(50);
    holds(HotWater.holding(all(), 51, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads.records).hasValue(count - 100 + 2);
  }

  @Test
  void aMemoryThatBeginsAtTheCheckpointIsUsed() throws Exception {
    long count = fill(0);
    archive(50);
    holds(HotWater.holding(all(), 50, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads.records).hasValue(count - 2 * EACH + 2);
  }

  @Test
  void aMemoryThatEndsBelowTheCheckpointIsNotUsed() throws Exception {
    long count = fill(0);
    archive(50);
    holds(HotWater.holding(all(), 0, 49));
    everyRecordOnce(count);
  }

  @Test
  void whatIsArchivedAndStillInMemoryCountsOnce() throws Exception {
    long count = fill(0);
    archive(50);
    holds(HotWater.holding(all(), 0, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads.records).hasValue(count - 2 * EACH + 2);
  }

  /** The statement has pinned the table; then comes a commit; then it asks for the memory. */
  @Test
  void aCommitBetweenPinningAndAskingTakesNothingAway() throws Exception {
    long count = fill(0);
    memory.set(
        (table, documents) -> {
          try {
            archive(EACH / 2);
            return HotWater.holding(all(), EACH / 2, EACH);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    everyRecordOnce(count);
    memory.set(HotTail.NONE);
    everyRecordOnce(count);
  }

  @Test
  void theMemoryOfAnotherIncarnationIsNotUsed() throws Exception {
    long count = fill(0);
    Map<ShardKey, List<StreamRecord>> older = new HashMap<>();
    all()
        .forEach((key, records) -> older.put(new ShardKey("an older one", key.shardId()), records));
    holds(HotWater.holding(older, 0, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads.records).hasValue(count);
  }

  @Test
  void aShardThatEndsInMemoryIsNotReadAndItsChildrenFollow() throws Exception {
    long count = fill(0);
    Map<ShardKey, List<StreamRecord>> before = all();
    water.split("orders", "shardId-000000000000");
    for (int i = 0; i < 100; i++) {
      water.put("orders", "user-" + i, "{\"id\":" + count++ + "}");
    }
    Map<ShardKey, HotShard> shards = new HashMap<>();
    before.forEach(
        (key, records) -> {
          if (key.shardId().equals("shardId-000000000000")) {
            HotShard open = HotWater.holding(Map.of(key, records), 0, records.size()).of(key).get();
            shards.put(key, new HotShard(key, open.low(), open.high(), true, open.records()));
          }
        });
    holds(new HotAnswer(shards));
    everyRecordOnce(count);
    long inMemory = shards.values().iterator().next().records().size();
    assertThat(hot.reads.records).hasValue(count - inMemory);
  }

  @Test
  void aReceiptIsAnsweredFromMemoryToo() throws Exception {
    long count = fill(0);
    String receipt = everyRecordOnce(count).receipt();
    holds(HotWater.holding(all(), 0, smallest()));
    fill(count);
    Answer again = hot.ask(SqlRequest.of(CHECK).at(receipt));
    assertThat(again.rows.get(0).get(0)).isEqualTo(count);
    assertThat(hot.reads.records.get()).isLessThan(count / 2);
  }

  @Test
  void copiesOfArchivedRecordsInMemoryAreLeftOut() throws Exception {
    long count = fill(0);
    archive(Integer.MAX_VALUE);
    StreamRecord original = all().values().iterator().next().get(3);
    byte[] copy =
        Envelope.wrap(
            EnvelopeHeader.of(
                "replay-1",
                new Position(
                    original.shard().incarnation(),
                    original.shard().shardId(),
                    original.position().sequenceNumber().decimal(),
                    original.position().subSequenceNumber()),
                original.arrivalTime(),
                1),
            original.payload());
    water.kinesis.put("orders", original.partitionKey(), copy);
    water.put("orders", original.partitionKey(), "{\"id\":" + count + "}");
    holds(HotWater.holdingAll(all()));
    everyRecordOnce(count + 1);
    assertThat(hot.reads.records).hasValue(2);
  }
}
