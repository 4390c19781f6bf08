package io.watershed.drill;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Streams, an archiver in its own process, and the embedded engine over both sides. */
final class Pond implements AutoCloseable {
  final LocalKinesis kinesis;
  final Path config;
  final Path root;
  private final ArchiverProcess archiver;
  private final Reservoir reservoir;
  private final KinesisStreams streams;
  private final QueryEngine engine;

  Pond(Path folder, String... names) throws Exception {
    root = folder.resolve("water");
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    StringBuilder yaml = new StringBuilder("reservoir: " + root + "\n");
    yaml.append("aws:\n  region: us-east-1\n  endpoint_url: ")
        .append(kinesis.endpoint())
        .append("\n  local_credentials: true\nstreams:\n");
    Map<String, StreamSource> sources = new TreeMap<>();
    streams = KinesisStreams.open(kinesis.access());
    for (String name : names) {
      kinesis.createStream(name, 2);
      yaml.append("  ").append(name).append(": {}\n");
      sources.put(name, streams.source(name));
    }
    config = Files.writeString(folder.resolve("watershed.yaml"), yaml.toString());
    archiver = ArchiverProcess.start(config, folder.resolve("archiver.log"));
    reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT);
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(sources),
            SqlSettings.DEFAULTS,
            LiveReadSettings.DEFAULTS,
            folder.resolve("cache"));
  }

  void archive(String stream) {
    archiver.tell("archive", stream);
  }

  void compact(String stream) {
    archiver.tell("compact", stream);
  }

  /** What the embedded engine says over a fresh cut. */
  Answer ask(String sql) {
    return ask(new SqlRequest(sql, Optional.empty(), LiveMode.REQUIRE));
  }

  Answer ask(SqlRequest request) {
    Rows rows = new Rows();
    engine.execute(request, rows);
    return new Answer(rows.names, rows.rows);
  }

  private static final class Rows implements ResultSink {
    final List<String> names = new ArrayList<>();
    final List<List<Object>> rows = new ArrayList<>();

    @Override
    public void begin(List<ResultColumn> columns) {
      columns.forEach(column -> names.add(column.name()));
    }

    @Override
    public void row(Object[] values) {
      rows.add(new ArrayList<>(Arrays.asList(values.clone())));
    }

    @Override
    public void end(QueryOutcome outcome) {}
  }

  @Override
  public void close() throws Exception {
    engine.close();
    reservoir.close();
    archiver.close();
    streams.close();
    kinesis.close();
  }
}
