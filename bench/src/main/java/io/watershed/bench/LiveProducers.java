package io.watershed.bench;

import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.PutResult;
import io.watershed.kinesis.StreamSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Producers of live records: as many a second into each shard; what is refused is not repeated. */
final class LiveProducers implements AutoCloseable {
  private static final int ROUND_MILLIS = 50;

  private final StreamSink sink;
  private final List<Shard> shards;
  private final int perRound;
  private final AtomicLong put = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
  private final List<List<PutEntry>> requests = new ArrayList<>();

  LiveProducers(StreamSink sink, int recordsPerSecond) {
    this.sink = sink;
    this.shards = sink.openShards().join();
    this.perRound = recordsPerSecond * ROUND_MILLIS / 1_000;
    NumberedRecords records = new NumberedRecords("live-", 4_096);
    for (Shard shard : shards) {
      List<PutEntry> request = new ArrayList<>();
      while (request.size() < perRound) {
        PutEntry entry = records.next();
        if (shard.hashRange().contains(HashKey.of(entry.partitionKey()))) {
          request.add(entry);
        }
      }
      requests.add(request);
    }
    var unused = rounds.scheduleAtFixedRate(this::round, 0, ROUND_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void round() {
    for (List<PutEntry> request : requests) {
      var unused = sink.put(request).thenAccept(this::count);
    }
  }

  private void count(List<PutResult> results) {
    put.addAndGet(results.size());
    refused.addAndGet(results.stream().filter(PutResult.Rejected.class::isInstance).count());
  }

  /** Records put since the last call, and how many of these were refused: of 1. */
  double refusedShare() {
    long all = put.getAndSet(0);
    long bad = refused.getAndSet(0);
    return all == 0 ? 0 : (double) bad / all;
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
