package io.watershed.bench;

import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.localkinesis.WhenFull;
import java.io.IOException;
import java.util.List;

/** A process of its own: a local Kinesis endpoint with empty streams, until its input ends. */
final class TargetProcess {
  private static final long MAX_BYTES = 1_200L << 20;

  private TargetProcess() {}

  /** Arguments: whether the limits hold, then stream=shards, each. Prints the endpoint. */
  public static void main(String[] args) throws IOException {
    try (LocalKinesis kinesis =
        LocalKinesis.start(
            LocalKinesisSettings.DEFAULTS
                .withEnforceLimits(Boolean.parseBoolean(args[0]))
                .withMaxBytesHeld(MAX_BYTES, WhenFull.TRIM_OLDEST))) {
      for (String stream : List.of(args).subList(1, args.length)) {
        String[] parts = stream.split("=", 2);
        kinesis.createStream(parts[0], Integer.parseInt(parts[1]));
      }
      System.out.println(Processes.RESULT + kinesis.endpoint());
      while (System.in.read() >= 0) {
        // Until whoever started it has gone.
      }
    }
  }
}
