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
import io.watershed.cut.HotTail;
import io.watershed.query.Water.Answer;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a statement makes of an archiver's memory (PROTOCOL 5.4). The memory is made by hand here
 * and always true: wrong answers come only from using it where it does not hold.
 */
class HotTailTest {
  private static final int EACH = 60;
  private static final int TESTS = 11;

  @TempDir static Path folder;
  private static final AtomicReference<HotTail> MEMORY = new AtomicReference<>(HotTail.NONE);
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static Water water;
  private static HotWater hot;

  /** Each test has a stream for itself: a stream is cheap, an endpoint and an engine are not. */
  private final String stream = "orders" + NEXT.getAndIncrement();

  @BeforeAll
  static void openAll() {
    String[] streams = IntStream.range(0, TESTS).mapToObj(i -> "orders" + i).toArray(String[]::new);
    water = new Water(folder, streams);
    hot = new HotWater(folder, water, (table, documents) -> MEMORY.get().ask(table, documents));
  }

  @AfterAll
  static void closeAll() {
    hot.close();
    water.close();
  }

  /** The table must be there to ask for its archiver's memory. */
  @BeforeEach
  void open() {
    var unused = water.reservoir.createOrLoad(stream);
    MEMORY.set(HotTail.NONE);
  }

  /** Puts ids until every shard has so many records more. */
  private long fill(long firstId) throws Exception {
    long id = firstId;
    int before = smallest();
    while (smallest() < before + EACH) {
      for (int i = 0; i < 30; i++) {
        water.put(stream, "user-" + id % 97, "{\"id\":" + id++ + "}");
      }
    }
    return id;
  }

  private int smallest() throws Exception {
    return all().values().stream().mapToInt(List::size).min().orElseThrow();
  }

  private Map<ShardKey, List<StreamRecord>> all() throws Exception {
    return HotWater.readAll(water.source(stream));
  }

  private void archive(int perShard) throws Exception {
    var unused =
        water.archiver.commit(
            stream, water.source(stream), perShard, SchemaSettings.DEFAULTS, List.of());
  }

  private void holds(HotAnswer answer) {
    MEMORY.set((table, documents) -> answer);
  }

  private String check() {
    return "SELECT count(*), count(DISTINCT id), sum(id), count(DISTINCT (_shard_id,"
        + " _sequence_number)) FROM "
        + stream;
  }

  private Answer everyRecordOnce(long records) {
    Answer answer = hot.ask(check());
    assertThat(answer.rows.get(0))
        .containsExactly(
            records, records, BigInteger.valueOf(records * (records - 1) / 2), records);
    return answer;
  }

  @Test
  void whatTheArchiverHoldsIsNotReadFromTheStreamAgain() throws Exception {
    long count = fill(0);
    everyRecordOnce(count);
    long calls = hot.reads(stream).calls.get();
    long bytes = hot.reads(stream).bytes.get();
    assertThat(calls).isGreaterThanOrEqualTo(2 * EACH / 20);
    holds(HotWater.holdingAll(all()));
    everyRecordOnce(count);
    // One call a shard, which gives the last record again as the proof that nothing is missing.
    assertThat(hot.reads(stream).calls).hasValue(2);
    assertThat(hot.reads(stream).records).hasValue(2);
    assertThat(hot.reads(stream).bytes.get()).isLessThan(bytes / 20);
  }

  @Test
  void aRecordThatCameAfterTheArchiversLastReadIsSeen() throws Exception {
    long count = fill(0);
    holds(HotWater.holding(all(), 0, EACH));
    long more = fill(count);
    everyRecordOnce(more);
    assertThat(hot.reads(stream).records.get()).isLessThanOrEqualTo(more - 2 * EACH + 2);
  }

  @Test
  void aMemoryThatBeginsAboveTheCheckpointIsNotUsed() throws Exception {
    long count = fill(0);
    archive(20);
    holds(HotWater.holding(all(), 21, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads(stream).records).hasValue(count - 40 + 2);
  }

  @Test
  void aMemoryThatBeginsAtTheCheckpointIsUsed() throws Exception {
    long count = fill(0);
    archive(20);
    holds(HotWater.holding(all(), 20, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads(stream).records).hasValue(count - 2 * EACH + 2);
  }

  @Test
  void aMemoryThatEndsBelowTheCheckpointIsNotUsed() throws Exception {
    long count = fill(0);
    archive(20);
    holds(HotWater.holding(all(), 0, 19));
    everyRecordOnce(count);
  }

  @Test
  void whatIsArchivedAndStillInMemoryCountsOnce() throws Exception {
    long count = fill(0);
    archive(20);
    holds(HotWater.holding(all(), 0, EACH));
    everyRecordOnce(count);
    assertThat(hot.reads(stream).records).hasValue(count - 2 * EACH + 2);
  }

  /** The statement has pinned the table; then comes a commit; then it asks for the memory. */
  @Test
  void aCommitBetweenPinningAndAskingTakesNothingAway() throws Exception {
    long count = fill(0);
    MEMORY.set(
        (table, documents) -> {
          try {
            archive(EACH / 2);
            return HotWater.holding(all(), EACH / 2, EACH);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    everyRecordOnce(count);
    MEMORY.set(HotTail.NONE);
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
    assertThat(hot.reads(stream).records).hasValue(count);
  }

  @Test
  void aShardThatEndsInMemoryIsNotReadAndItsChildrenFollow() throws Exception {
    long count = fill(0);
    Map<ShardKey, List<StreamRecord>> before = all();
    water.split(stream, "shardId-000000000000");
    for (int i = 0; i < 100; i++) {
      water.put(stream, "user-" + i, "{\"id\":" + count++ + "}");
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
    assertThat(hot.reads(stream).records).hasValue(count - inMemory);
  }

  @Test
  void aReceiptIsAnsweredFromMemoryToo() throws Exception {
    long count = fill(0);
    String receipt = everyRecordOnce(count).receipt();
    holds(HotWater.holding(all(), 0, smallest()));
    fill(count);
    Answer again = hot.ask(SqlRequest.of(check()).at(receipt));
    assertThat(again.rows.get(0).get(0)).isEqualTo(count);
    assertThat(hot.reads(stream).records.get()).isLessThan(count / 2);
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
    water.kinesis.put(stream, original.partitionKey(), copy);
    water.put(stream, original.partitionKey(), "{\"id\":" + count + "}");
    holds(HotWater.holdingAll(all()));
    everyRecordOnce(count + 1);
    assertThat(hot.reads(stream).records).hasValue(2);
  }
}
