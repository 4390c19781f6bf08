package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.cut.HotTail;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.Water.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** An engine over some streams with one hot tail, and with their reads counted. */
final class HotWater implements AutoCloseable {
  /** Many calls where one would do, so that calls count. */
  static final LiveReadSettings SMALL_CALLS =
      new LiveReadSettings(100_000, 64L << 20, Duration.ofSeconds(20), Duration.ofMillis(1), 20, 3);

  private final Map<String, CountedReads> reads = new HashMap<>();
  private final QueryEngine engine;

  HotWater(Path folder, Water water, HotTail hotTail) {
    this(folder, water, hotTail, (stream, source) -> source);
  }

  /**
   * With something between.
   *
   * @param read makes what statements read of a stream and its source
   */
  HotWater(
      Path folder,
      Water water,
      HotTail hotTail,
      BiFunction<String, StreamSource, StreamSource> read) {
    water.sources.forEach((stream, source) -> reads.put(stream, new CountedReads(source)));
    Map<String, StreamSource> between = new HashMap<>();
    reads.forEach((stream, source) -> between.put(stream, read.apply(stream, source)));
    StreamSources sources =
        new StreamSources() {
          @Override
          public Optional<StreamSource> find(String stream) {
            return Optional.of(Objects.requireNonNull(between.get(stream)));
          }

          @Override
          public HotTail hotTail(String stream) {
            return hotTail;
          }
        };
    this.engine =
        QueryEngine.open(
            water.reservoir, sources, SqlSettings.DEFAULTS, SMALL_CALLS, folder.resolve("hot"));
  }

  /** What the last statement read of a stream. */
  CountedReads reads(String stream) {
    return Objects.requireNonNull(reads.get(stream));
  }

  Answer ask(String sql) {
    return ask(SqlRequest.of(sql));
  }

  Answer ask(SqlRequest request) {
    reads.values().forEach(CountedReads::reset);
    Answer answer = new Answer();
    answer.outcome = engine.execute(request, answer);
    return answer;
  }

  /** Everything that a stream holds now, by shard. */
  static Map<ShardKey, List<StreamRecord>> readAll(StreamSource source) throws Exception {
    Map<ShardKey, List<StreamRecord>> all = new HashMap<>();
    for (Shard shard : source.listShards().get()) {
      String id = shard.key().shardId();
      String iterator = source.iterator(id, new StartingPoint.TrimHorizon()).get();
      List<StreamRecord> records = new ArrayList<>();
      ReadBatch batch;
      do {
        batch = source.read(id, iterator, 10_000).get();
        records.addAll(batch.records());
        iterator = batch.nextIterator().orElse("");
      } while (!batch.atTip() && !batch.endsShard());
      all.put(shard.key(), records);
    }
    return all;
  }

  /** An archiver that has committed nothing, and read everything. */
  static HotAnswer holdingAll(Map<ShardKey, List<StreamRecord>> all) {
    Map<ShardKey, HotShard> shards = new HashMap<>();
    all.forEach((key, records) -> shards.put(key, hold(key, records, 0, records.size())));
    return new HotAnswer(shards);
  }

  /** An archiver that has committed {@code low} records of each shard and read {@code high}. */
  static HotAnswer holding(Map<ShardKey, List<StreamRecord>> all, int low, int high) {
    Map<ShardKey, HotShard> shards = new HashMap<>();
    all.forEach((key, records) -> shards.put(key, hold(key, records, low, high)));
    return new HotAnswer(shards);
  }

  private static HotShard hold(ShardKey key, List<StreamRecord> records, int low, int high) {
    After after = low == 0 ? new After.Start() : new After.At(records.get(low - 1).position());
    return new HotShard(
        key, after, records.get(high - 1).position(), false, records.subList(low, high));
  }

  @Override
  public void close() {
    engine.close();
  }
}
