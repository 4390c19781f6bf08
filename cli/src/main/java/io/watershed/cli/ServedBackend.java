package io.watershed.cli;

import io.opentelemetry.api.OpenTelemetry;
import io.watershed.archive.StreamStatus;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.SqlEngine;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.QueryEngine;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayDiff;
import io.watershed.replay.Replays;
import io.watershed.reservoir.Reservoir;
import io.watershed.server.Backend;
import io.watershed.server.monitor.Samples;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a server serves, from a command's connections. Thread-safe. */
final class ServedBackend implements Backend, AutoCloseable {
  private final CommandContext context;
  private final Connections connections;
  private final Optional<ArchiveRun> archiving;
  private final ScratchFolder scratch = ScratchFolder.temporary("serve");
  private final RealScheduler timers = new RealScheduler("serve-replays");
  private final QueryEngine engine;
  private final Replays replays;
  private final OpenTelemetry telemetry;
  private @Nullable QueryEngine drill;

  ServedBackend(
      CommandContext context,
      Connections connections,
      Limits limits,
      Optional<ArchiveRun> archiving,
      OpenTelemetry telemetry) {
    this.telemetry = telemetry;
    this.context = context;
    this.connections = connections;
    this.archiving = archiving;
    this.engine = connections.serverEngine(limits);
    this.replays = connections.replays(engine);
  }

  @Override
  public WatershedConfig config() {
    return connections.config();
  }

  @Override
  public Reservoir reservoir() {
    return connections.reservoir();
  }

  @Override
  public StreamSources streamSources() {
    return connections.streamSources();
  }

  @Override
  public Optional<StreamSource> ownSource(String stream) {
    return config().find(stream).map(connections::ownSource);
  }

  @Override
  public SortedSet<String> knownStreams() {
    return connections.knownStreams();
  }

  @Override
  public QueryEngine engine() {
    return engine;
  }

  @Override
  public synchronized QueryEngine engine(SqlEngine which) {
    if (which == SqlEngine.DUCKDB) {
      return engine;
    }
    QueryEngine open = drill == null ? connections.drillEngine() : drill;
    drill = open;
    return open;
  }

  @Override
  public Replays replays() {
    return replays;
  }

  @Override
  public ReplayControls replayControls() {
    return new ReplayControls(reservoir().store(), connections.replaySettings(), timers);
  }

  @Override
  public ReplayDiff replayDiff() {
    return connections.replayDiff(engine);
  }

  @Override
  public List<StreamStatus> archivers() {
    return archiving.map(ArchiveRun::status).orElse(List.of());
  }

  @Override
  public void count(Samples samples) {
    connections.countCatalog(samples);
  }

  @Override
  public OpenTelemetry telemetry() {
    return telemetry;
  }

  @Override
  public Path temporary() {
    return scratch.path();
  }

  @Override
  public Clock clock() {
    return context.clock();
  }

  @Override
  public String version() {
    return Version.number();
  }

  @Override
  public synchronized void close() {
    if (drill != null) {
      drill.close();
    }
    engine.close();
    timers.close();
    scratch.close();
  }
}
