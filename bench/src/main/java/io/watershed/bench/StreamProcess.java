package io.watershed.bench;

import io.watershed.core.record.StreamRecord;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A process of its own: a local Kinesis endpoint that holds streams of events until its input ends.
 */
final class StreamProcess {
  /** Made this many at a time, so that not all of them are in memory twice. */
  private static final int AT_A_TIME = 20_000;

  private static final Instant MORNING = Instant.parse("2026-05-01T06:00:00Z");

  private StreamProcess() {}

  /**
   * Arguments: the shards of a stream, then stream=records, each. Prints the endpoint when the
   * streams are full.
   */
  public static void main(String[] args) throws IOException {
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false))) {
      int shards = Integer.parseInt(args[0]);
      for (String stream : List.of(args).subList(1, args.length)) {
        String name = stream.substring(0, stream.indexOf('='));
        kinesis.createStream(name, shards);
        fill(kinesis, name, Integer.parseInt(stream.substring(name.length() + 1)));
      }
      System.out.println(Processes.RESULT + kinesis.endpoint());
      while (System.in.read() >= 0) {
        // Until whoever started it has gone.
      }
    }
  }

  private static void fill(LocalKinesis kinesis, String stream, int records) {
    for (int made = 0; made < records; made += AT_A_TIME) {
      for (StreamRecord record : part(made, records)) {
        kinesis.put(stream, record.partitionKey(), record.payload());
      }
    }
  }

  /** The events from this number on: the same in every process. */
  static List<StreamRecord> part(int from, int records) {
    return OrderEvents.records(
        from + 1L, Math.min(AT_A_TIME, records - from), MORNING.plusMillis(from));
  }

  /** How many events {@link #part} gives at a time. */
  static int partSize() {
    return AT_A_TIME;
  }
}
