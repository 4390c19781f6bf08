package io.watershed.bench;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.StreamSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Records of 0.6 KB over some keys in turn, each with its number among those of its key; and what a
 * reader of the target says of them.
 */
final class NumberedRecords {
  static final int BYTES = 600;

  private final String prefix;
  private final int keys;
  private final byte[] filling = new byte[BYTES];
  private long made;

  NumberedRecords(String prefix, int keys) {
    this.prefix = prefix;
    this.keys = keys;
    new Random(keys).nextBytes(filling);
  }

  /** The next record. */
  PutEntry next() {
    byte[] payload = filling.clone();
    ByteBuffer.wrap(payload).putLong(made / keys);
    return new PutEntry(prefix + made++ % keys, Optional.empty(), payload);
  }

  long made() {
    return made;
  }

  /** What a stream holds of numbered records. */
  record Seen(long records, long duplicates, long violations) {
    Seen plus(Seen other) {
      return new Seen(
          records + other.records, duplicates + other.duplicates, violations + other.violations);
    }
  }

  /** Reads all of a stream that was not resharded, shards side by side. */
  static Seen readAll(StreamSource source, Scheduler scheduler) throws Exception {
    Duration retention = source.describe().join().retention();
    List<Shard> shards = source.listShards().join();
    ExecutorService readers = Executors.newFixedThreadPool(shards.size());
    try {
      List<Future<Seen>> answers =
          shards.stream()
              .map(shard -> readers.submit(() -> read(source, shard, retention, scheduler)))
              .toList();
      Seen all = new Seen(0, 0, 0);
      for (Future<Seen> answer : answers) {
        all = all.plus(answer.get());
      }
      return all;
    } finally {
      readers.shutdownNow();
    }
  }

  private static Seen read(
      StreamSource source, Shard shard, Duration retention, Scheduler scheduler) {
    ResumingShardReader reader =
        ResumingShardReader.open(
                source,
                shard.key(),
                new After.Start(),
                Optional.empty(),
                Optional.empty(),
                retention,
                ShardReadSettings.DEFAULTS,
                scheduler,
                new Random())
            .join();
    Map<String, Long> last = new HashMap<>();
    Seen seen = new Seen(0, 0, 0);
    ReadBatch batch;
    do {
      batch = reader.next().join();
      for (StreamRecord record : batch.records()) {
        seen = seen.plus(look(record, last));
      }
    } while (!batch.atTip());
    return seen;
  }

  private static Seen look(StreamRecord record, Map<String, Long> last) {
    long number = ByteBuffer.wrap(record.payload()).getLong();
    long before = last.getOrDefault(record.partitionKey(), -1L);
    if (number <= before) {
      return new Seen(1, 1, 0);
    }
    last.put(record.partitionKey(), number);
    return new Seen(1, 0, number == before + 1 ? 0 : 1);
  }
}
