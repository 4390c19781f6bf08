package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScannedRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** Archives and plans for tests. */
final class Fixtures {
  static final Incarnation SOURCE =
      new Incarnation(
          "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
          Instant.parse("2026-11-01T00:00:00Z"));
  static final Incarnation TARGET =
      new Incarnation(
          "arn:aws:kinesis:us-east-1:000000000000:stream/again",
          Instant.parse("2026-11-20T00:00:00Z"));
  static final long MAX_RECORD_BYTES = 1 << 20;

  private Fixtures() {}

  /** Records of a few hot and many other keys over two shards, in scan order, of every kind. */
  static List<StreamRecord> records(int count, int keys, long seed) {
    Random random = new Random(seed);
    List<StreamRecord> records = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      ShardKey key = new ShardKey(SOURCE.id(), "shardId-" + shard);
      for (int i = 0; i < count / 2; i++) {
        int who = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(keys);
        records.add(
            new StreamRecord(
                key,
                position(1000 + i),
                "key-" + shard + "-" + who,
                Instant.parse("2026-11-22T00:00:00Z").plusMillis(random.nextInt(100_000)),
                payload(random, i)));
      }
    }
    return records;
  }

  private static byte[] payload(Random random, int i) {
    return switch (random.nextInt(10)) {
      case 0 -> new byte[0];
      case 1 -> "{}".getBytes(UTF_8);
      case 2 -> {
        byte[] bytes = new byte[random.nextInt(50)];
        random.nextBytes(bytes);
        yield bytes;
      }
      default -> ("{\"n\":" + i + "}").getBytes(UTF_8);
    };
  }

  static ShardPosition position(long sequence) {
    return ShardPosition.of(SequenceNumber.parse(String.valueOf(sequence)));
  }

  static ScanPosition place(StreamRecord record) {
    return new ScanPosition(record.shard(), record.position());
  }

  static ReplayPlan plan(List<StreamRecord> records) {
    long bytes = records.stream().mapToLong(r -> r.payload().length).sum();
    return new ReplayPlan(
        "orders",
        "0123456789ab",
        RecordSelection.ALL
            .between(Optional.of(Instant.parse("2026-11-22T00:00:00Z")), Optional.empty())
            .where("status = 'failed'"),
        new ReplayPlan.Target("again", TARGET.id(), MAX_RECORD_BYTES, false),
        Delivery.DEFAULT.paced(new ReplayPace(0.5, OptionalDouble.of(1000))),
        new ReplayPlan.Counts(records.size(), bytes, 0));
  }

  /**
   * What a scan gives of records that are not done: shards, none of which descends from another,
   * alternate as a seed says.
   *
   * @param records in scan order
   */
  static Iterator<ScannedRecord> sideBySide(
      List<StreamRecord> records, Map<ShardKey, After> done, long seed) {
    Random random = new Random(seed);
    Map<ShardKey, Deque<ScannedRecord>> shards = new LinkedHashMap<>();
    for (StreamRecord record : records) {
      After after = done.getOrDefault(record.shard(), new After.Start());
      if (!after.covers(record.position())) {
        shards.computeIfAbsent(record.shard(), k -> new ArrayDeque<>()).add(row(record));
      }
    }
    List<Deque<ScannedRecord>> open = new ArrayList<>(shards.values());
    List<ScannedRecord> rows = new ArrayList<>();
    while (!open.isEmpty()) {
      Deque<ScannedRecord> shard = open.get(random.nextInt(open.size()));
      rows.add(shard.remove());
      open.removeIf(Deque::isEmpty);
    }
    return rows.iterator();
  }

  /** As a scan without expressions gives it. */
  static ScannedRecord row(StreamRecord record) {
    return new ScannedRecord(record, List.of());
  }
}
