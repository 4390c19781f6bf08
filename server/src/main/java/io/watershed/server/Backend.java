package io.watershed.server;

import io.opentelemetry.api.OpenTelemetry;
import io.watershed.archive.StreamStatus;
import io.watershed.core.config.SqlEngine;
import io.watershed.core.config.WatershedConfig;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.QueryEngine;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayDiff;
import io.watershed.replay.Replays;
import io.watershed.reservoir.Reservoir;
import io.watershed.server.monitor.Samples;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What a server serves. All of it stays whoever implements this one's. Thread-safe. */
public interface Backend {
  /** The configuration that holds. */
  WatershedConfig config();

  /** The reservoir. */
  Reservoir reservoir();

  /** The streams' live sides. */
  StreamSources streamSources();

  /**
   * The stream's own answers, for a look at how things stand: {@link #streamSources} may answer
   * from what somebody else has read, which is never at the tip. Empty if it is not configured.
   */
  default Optional<StreamSource> ownSource(String stream) {
    return streamSources().find(stream);
  }

  /** The streams that are archived or configured. */
  SortedSet<String> knownStreams();

  /** Runs users' statements in processes of their own. */
  QueryEngine engine();

  /**
   * Runs users' statements, on another engine if they ask for it.
   *
   * @throws io.watershed.core.error.WatershedException {@code config} if there is no such engine
   */
  QueryEngine engine(SqlEngine which);

  /** Plans and runs replays. */
  Replays replays();

  /** Changes runs, wherever they run. */
  ReplayControls replayControls();

  /** Compares plans with what their targets hold. */
  ReplayDiff replayDiff();

  /** What archivers in this process do; empty if it archives nothing. */
  List<StreamStatus> archivers();

  /** Adds what else is counted to the metrics. */
  default void count(Samples samples) {}

  /** Where spans go; nowhere, unless they are asked for. */
  default OpenTelemetry telemetry() {
    return OpenTelemetry.noop();
  }

  /** A folder for temporary files. */
  Path temporary();

  /** The time. */
  Clock clock();

  /** The program's version. */
  String version();
}
