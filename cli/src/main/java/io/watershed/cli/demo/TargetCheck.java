package io.watershed.cli.demo;

import io.watershed.cli.Connections;
import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads a replay's target from its beginning, as any consumer would, and checks per key that
 * origins first appear in their own order (PROTOCOL 6.2). Independent of what the replay says.
 */
final class TargetCheck {
  private static final int RECORDS_PER_CALL = 10_000;
  private static final long PAUSE_MILLIS = 250;

  private final Map<String, Position> newest = new HashMap<>();
  private final Set<Position> seen = new HashSet<>();
  private long violations;

  private final String replay;

  private TargetCheck(String replay) {
    this.replay = replay;
  }

  /**
   * What was found.
   *
   * @param origins different origins
   * @param violations first appearances out of order
   */
  record Found(long origins, long violations) {}

  /**
   * Reads all of it.
   *
   * @param replay the plan's id: others may have replayed into the stream, too
   */
  static Found read(StreamSource target, String replay) throws InterruptedException {
    TargetCheck check = new TargetCheck(replay);
    for (Shard shard : Connections.await(target.listShards())) {
      check.readShard(target, shard.key().shardId());
    }
    return new Found(check.seen.size(), check.violations);
  }

  private void readShard(StreamSource target, String shard) throws InterruptedException {
    Optional<String> iterator =
        Optional.of(Connections.await(target.iterator(shard, new StartingPoint.TrimHorizon())));
    while (iterator.isPresent()) {
      ReadBatch batch = Connections.await(target.read(shard, iterator.get(), RECORDS_PER_CALL));
      batch.records().forEach(this::look);
      iterator = batch.millisBehindLatest() == 0 ? Optional.empty() : batch.nextIterator();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private void look(StreamRecord record) {
    Optional<Envelope> envelope = Envelope.unwrap(record.payload());
    if (envelope.isEmpty() || !envelope.get().header().replayId().equals(replay)) {
      return;
    }
    Position origin = envelope.get().header().origin();
    if (!seen.add(origin)) {
      return;
    }
    Position before = newest.put(record.partitionKey(), origin);
    if (before != null && origin.compareAlongLineage(before) < 0) {
      violations++;
      newest.put(record.partitionKey(), before);
    }
  }
}
