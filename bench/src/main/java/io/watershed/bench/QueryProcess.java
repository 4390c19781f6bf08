package io.watershed.bench;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process of its own that answers one statement, to see how much memory that takes. */
final class QueryProcess {
  private static final String HEAP = "-Xmx384m";
  private static final long DUCKDB_BYTES = 400L << 20;

  private QueryProcess() {}

  /** The largest resident size of a process, in bytes, and what it answered. */
  record Answered(long peakBytes, String text) {}

  /** Starts the process and waits for its answer. */
  static Answered ask(Path folder, Path reservoir, URI endpoint, String sql) throws Exception {
    List<String> options = new ArrayList<>(List.of(HEAP, "-XX:MaxDirectMemorySize=96m"));
    options.add(Processes.quiet(folder));
    Process process =
        Processes.start(
            QueryProcess.class,
            options,
            List.of(reservoir.toString(), endpoint.toString(), folder.toString(), sql));
    try {
      String[] result = Processes.result(process).split(" ", 2);
      return new Answered(Long.parseLong(result[0]), result[1]);
    } finally {
      process.destroy();
      int unused = process.waitFor();
    }
  }

  /** Arguments: the reservoir's folder, the endpoint, a folder for what spills, the statement. */
  public static void main(String[] args) throws IOException {
    try (KinesisStreams streams = KinesisStreams.open(AwsAccess.local(URI.create(args[1])));
        Reservoir reservoir = Reservoir.open(args[0], AwsAccess.DEFAULT);
        QueryEngine engine =
            QueryEngine.open(
                reservoir,
                StreamSources.of(Map.of("orders", streams.source("orders"))),
                settings(),
                StreamEndpoint.ALL,
                Path.of(args[2]))) {
      OneRow answer = new OneRow();
      engine.execute(new SqlRequest(args[3], Optional.empty(), LiveMode.REQUIRE), answer);
      System.out.println(Processes.RESULT + Processes.peakBytes() + " " + answer.text());
    }
  }

  private static SqlSettings settings() {
    SqlSettings defaults = SqlSettings.DEFAULTS;
    return new SqlSettings(
        Duration.ofMinutes(10),
        DUCKDB_BYTES,
        defaults.spillBytes(),
        defaults.threads(),
        defaults.maxRows(),
        defaults.maxStatementChars(),
        defaults.maxReshreddedBytes(),
        defaults.maxReshreddedRecords(),
        defaults.cacheBytes(),
        defaults.parallelDownloads());
  }
}
