package io.watershed.bench;

import io.watershed.core.record.StreamRecord;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.localkinesis.WhenFull;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A process of its own: a local Kinesis endpoint with one stream, whose readers are held to the
 * limits of the service, and a producer in the same process that puts order events at a steady rate
 * until its input ends.
 */
final class LoadProcess {
  static final String STREAM = "orders";

  private static final long MAX_BYTES = 1_200L << 20;
  private static final int EVENTS = 20_000;
  private static final long ROUND_NANOS = 10_000_000;
  private static final int ROUNDS_PER_SECOND = 100;

  private LoadProcess() {}

  /**
   * Arguments: shards, bytes a second. Prints the endpoint; then, each second, how many payload
   * bytes were put so far.
   */
  public static void main(String[] args) throws IOException {
    int shards = Integer.parseInt(args[0]);
    long bytesPerRound = Long.parseLong(args[1]) / ROUNDS_PER_SECOND;
    try (LocalKinesis kinesis =
        LocalKinesis.start(
            LocalKinesisSettings.DEFAULTS.withMaxBytesHeld(MAX_BYTES, WhenFull.TRIM_OLDEST))) {
      kinesis.createStream(STREAM, shards);
      List<StreamRecord> events = OrderEvents.records(1, EVENTS, Instant.now());
      System.out.println(Processes.RESULT + kinesis.endpoint());
      Thread producer = new Thread(() -> produce(kinesis, events, bytesPerRound), "producer");
      producer.setDaemon(true);
      producer.start();
      while (System.in.read() >= 0) {
        // Until whoever started it has gone.
      }
    }
  }

  /** What a round missed because the machine was busy, the next ones make up for. */
  private static void produce(LocalKinesis kinesis, List<StreamRecord> events, long bytesPerRound) {
    long start = System.nanoTime();
    long bytes = 0;
    int next = 0;
    for (long round = 1; ; round++) {
      while (bytes < round * bytesPerRound) {
        StreamRecord event = events.get(next++ % EVENTS);
        var unused = kinesis.put(STREAM, event.partitionKey(), event.payload());
        bytes += event.payload().length;
      }
      if (round % ROUNDS_PER_SECOND == 0) {
        System.out.println(bytes);
      }
      long left = start + round * ROUND_NANOS - System.nanoTime();
      if (left > 0) {
        try {
          Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }
}
