package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.Water.Answer;
import io.watershed.query.hot.HotTail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine over the stream {@code orders} with a hot tail, and with its reads counted. */
final class HotWater implements AutoCloseable {
  /** Many calls where one would do, so that calls count. */
  static final LiveReadSettings SMALL_CALLS =
      new LiveReadSettings(100_000, 64L << 20, Duration.ofSeconds(20), Duration.ofMillis(1), 50, 3);

  final Water water;
  final CountedReads reads;
  private final QueryEngine engine;

  HotWater(Path folder, Water water, HotTail hotTail) {
    this.water = water;
    this.reads = new CountedReads(water.source("orders"));
    StreamSources sources =
        new StreamSources() {
          @Override
          public Optional<StreamSource> find(String stream) {
            return Optional.of(reads);
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

  Answer ask(String sql) {
    return ask(SqlRequest.of(sql));
  }

  Answer ask(SqlRequest request) {
    reads.reset();
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
