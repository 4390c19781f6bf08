package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Streams, the real archiver over them, and our own engine on what it archived. */
final class Pond implements AutoCloseable {
  final LocalKinesis kinesis;
  final Reservoir reservoir;
  final Path root;
  private final KinesisStreams streams;
  private final QueryEngine engine;

  Pond(Path folder, String... names) {
    root = folder.resolve("reservoir");
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    for (String name : names) {
      kinesis.createStream(name, 2);
    }
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT);
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of()),
            SqlSettings.DEFAULTS,
            LiveReadSettings.DEFAULTS,
            folder.resolve("cache"));
  }

  void archive(String stream) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(stream, () -> streams.source(stream))),
            ArchiveSettings.DEFAULTS,
            ShardReadSettings.DEFAULTS,
            EncoderSettings.DEFAULTS,
            SchemaSettings.DEFAULTS,
            InstantSource.system())) {
      var outcome = service.run(ArchiveMode.ONCE, new StopSignal());
      assertThat(outcome.streams().get(0).failure()).isEmpty();
    }
  }

  /** As if two days had passed: what is of today, or yesterday, is then of a closed day. */
  void compact(String stream) {
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    try (LocalMaintenance maintenance = new LocalMaintenance(reservoir, later)) {
      var report =
          maintenance.run(
              stream, PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
      assertThat(report.compactedFiles()).isGreaterThan(1);
    }
  }

  /** What our own engine says. */
  List<List<Object>> ask(String sql) {
    Rows rows = new Rows();
    engine.execute(new SqlRequest(sql, Optional.empty(), LiveMode.OFF), rows);
    return rows.rows;
  }

  private static final class Rows implements ResultSink {
    final List<List<Object>> rows = new ArrayList<>();

    @Override
    public void begin(List<ResultColumn> columns) {}

    @Override
    public void row(Object[] values) {
      rows.add(new ArrayList<>(Arrays.asList(values.clone())));
    }

    @Override
    public void end(QueryOutcome outcome) {}
  }

  @Override
  public void close() {
    engine.close();
    reservoir.close();
    streams.close();
    kinesis.close();
  }
}
