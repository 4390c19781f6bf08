package io.watershed.replay;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.Retries;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Reads all that a stream holds now, shard by shard, parents before children. */
final class TargetReader {
  private final StreamSource source;
  private final ShardReadSettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Retries retries;

  TargetReader(StreamSource source, Scheduler scheduler, RandomGenerator random) {
    this.source = source;
    this.settings = ShardReadSettings.DEFAULTS;
    this.scheduler = scheduler;
    this.random = random;
    this.retries = new Retries(settings.retry(), scheduler, random);
  }

  void readAll(Consumer<StreamRecord> each) {
    Duration retention = StreamFailure.join(retries.call(source::describe)).retention();
    for (Shard shard : Lineage.of(StreamFailure.join(retries.call(source::listShards))).shards()) {
      readShard(shard, retention, each);
    }
  }

  private void readShard(Shard shard, Duration retention, Consumer<StreamRecord> each) {
    ResumingShardReader reader =
        StreamFailure.join(
            ResumingShardReader.open(
                source,
                shard.key(),
                new After.Start(),
                Optional.empty(),
                Optional.empty(),
                retention,
                settings,
                scheduler,
                random));
    ReadBatch batch = StreamFailure.join(reader.next());
    batch.records().forEach(each);
    while (batch.nextIterator().isPresent() && batch.millisBehindLatest() > 0) {
      batch = StreamFailure.join(reader.next());
      batch.records().forEach(each);
    }
  }
}
