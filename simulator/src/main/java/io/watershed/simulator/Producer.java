package io.watershed.simulator;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Puts records: bursts, pauses, a few keys; now and then a replayed copy of a record that is
 * archived, which must not be archived again, or one that only looks like it, which must (PROTOCOL
 * 6.7).
 */
final class Producer {
  private static final int KEYS = 12;
  private static final int MOST_AT_ONCE = 12;
  private static final String REPLAY = "0123456789abcdef";

  private final World world;
  private final SimulatedKinesis kinesis;
  private final Predicate<StreamRecord> isArchived;
  private final Random random;
  private final List<StoredRecord> puts = new ArrayList<>();
  private final Duration meanPause;
  private boolean stopped;
  private int columns = 1;

  /**
   * @param isArchived whether the archive's checkpoints cover the record by now
   */
  Producer(
      World world,
      SimulatedKinesis kinesis,
      Predicate<StreamRecord> isArchived,
      Duration meanPause) {
    this.world = world;
    this.kinesis = kinesis;
    this.isArchived = isArchived;
    this.random = world.random();
    this.meanPause = meanPause;
  }

  /** Every record put so far, in order. */
  List<StoredRecord> puts() {
    return Collections.unmodifiableList(puts);
  }

  void start() {
    burst();
  }

  void stop() {
    stopped = true;
  }

  private void burst() {
    if (stopped) {
      return;
    }
    if (!kinesis.newest().isDeleted()) {
      int count = 1 + random.nextInt(MOST_AT_ONCE);
      for (int i = 0; i < count; i++) {
        put();
      }
    }
    world.later(World.upTo(random, meanPause.multipliedBy(2)), this::burst);
  }

  /** Puts one record. */
  void put() {
    if (!puts.isEmpty() && random.nextInt(20) == 0) {
      putCopy(puts.get(random.nextInt(puts.size())).record());
      return;
    }
    if (random.nextInt(150) == 0) {
      columns++;
    }
    String key = "key-" + random.nextInt(KEYS);
    put(key, LeanParquet.payload(random.nextInt(columns), puts.size()), false);
  }

  private void putCopy(StreamRecord original) {
    if (Envelope.isReplayed(original.payload())) {
      return;
    }
    int kind = random.nextInt(4);
    String stream = kind == 0 ? "elsewhere@20260101T000000.000Z" : original.shard().incarnation();
    Position origin =
        new Position(
            stream,
            original.shard().shardId(),
            original.position().sequenceNumber().decimal(),
            original.position().subSequenceNumber());
    byte[] wrapped =
        Envelope.wrap(
            EnvelopeHeader.of(REPLAY, origin, original.arrivalTime(), 1), original.payload());
    boolean archived = isArchived.test(original);
    if (kind == 1) {
      // A consumer edited the record and put it back: it is a new one.
      String text = new String(wrapped, StandardCharsets.UTF_8).replace("\"n\":", "\"n\":9");
      put(original.partitionKey(), text.getBytes(StandardCharsets.UTF_8), false);
    } else if (kind == 0) {
      put(original.partitionKey(), wrapped, false);
    } else if (archived) {
      put(original.partitionKey(), wrapped, true);
    }
  }

  private void put(String key, byte[] payload, boolean copyOfArchived) {
    receive(key, payload, copyOfArchived);
  }

  /** The stream has one more record, whoever put it. */
  StreamRecord receive(String key, byte[] payload, boolean copyOfArchived) {
    StoredRecord stored = kinesis.newest().put(key, payload, puts.size(), copyOfArchived);
    puts.add(stored);
    return stored.record();
  }
}
