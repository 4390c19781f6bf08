package io.watershed.bench;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A local Kinesis endpoint that holds streams of events, in a process of its own; close it. */
final class StreamEndpoint implements AutoCloseable {
  /** Bounds of live reads that take whatever such an endpoint holds. */
  static final LiveReadSettings ALL =
      new LiveReadSettings(
          10_000_000,
          8L << 30,
          Duration.ofMinutes(5),
          LiveReadSettings.DEFAULTS.minCallInterval(),
          LiveReadSettings.DEFAULTS.recordsPerCall(),
          LiveReadSettings.DEFAULTS.resolveAttempts());

  private final Process process;
  private final URI uri;

  private StreamEndpoint(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts it and waits until the streams are full.
   *
   * @param streams each as name=records
   */
  static StreamEndpoint start(int shards, List<String> streams) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(Integer.toString(shards)));
    arguments.addAll(streams);
    return started(Processes.start(StreamProcess.class, List.of("-Xmx3g"), arguments));
  }

  private static StreamEndpoint started(Process process) throws IOException {
    try {
      return new StreamEndpoint(process, URI.create(Processes.result(process)));
    } catch (IOException | RuntimeException e) {
      process.destroy();
      throw e;
    }
  }

  /**
   * Starts one with empty streams.
   *
   * @param limits whether the service's limits hold
   * @param streams each as name=shards
   */
  static StreamEndpoint empty(boolean limits, List<String> streams) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(Boolean.toString(limits)));
    arguments.addAll(streams);
    return started(Processes.start(TargetProcess.class, List.of("-Xmx2200m"), arguments));
  }

  URI uri() {
    return uri;
  }

  AwsAccess access() {
    return AwsAccess.local(uri);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    int unused = process.waitFor();
  }
}
