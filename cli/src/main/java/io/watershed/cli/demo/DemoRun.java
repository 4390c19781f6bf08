package io.watershed.cli.demo;

import io.watershed.cli.CommandContext;
import io.watershed.cli.Connections;
import io.watershed.cli.SideServer;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sets the demo's stage, and clears it. */
public final class DemoRun {
  private final CommandContext context;

  /** In these surroundings. */
  public DemoRun(CommandContext context) {
    this.context = context;
  }

  /**
   * How a demo runs.
   *
   * @param folder where it writes
   * @param port of the Kinesis endpoint; 0 for any
   * @param seconds how long records flow; empty for until Ctrl-C
   * @param rate events a second over both streams
   * @param json whether the result is for a program
   */
  public record Options(
      Path folder, int port, Optional<Duration> seconds, double rate, boolean json) {}

  /**
   * Runs it.
   *
   * @return the exit status: 0 if everything is right
   */
  public int run(Options options) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    DemoFolder folder = DemoFolder.take(options.folder());
    Story story = new Story(context.console(), options.json());
    try (AutoCloseable unused = context.shutdown().onStop(() -> stop.set(true));
        LocalKinesis kinesis =
            LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(options.port()))) {
      kinesis.createStream("orders", 2);
      kinesis.createStream("clicks", 2);
      kinesis.createStream(Demo.TARGET, 2);
      folder.writeConfig(kinesis.endpoint());
      WatershedConfig config = new ConfigLoader(ConfigOverrides.NONE).load(folder.config());
      try (Connections connections = new Connections(context, config);
          SideServer server = new SideServer(context, connections)) {
        introduce(story, folder, kinesis, server.address());
        Optional<DemoReport> report =
            new Demo(
                    context,
                    folder,
                    kinesis,
                    connections,
                    config,
                    server.address(),
                    story,
                    stop::get,
                    context.launcher())
                .run(options.seconds(), options.rate());
        return conclude(report, story, options.json());
      }
    }
  }

  private int conclude(Optional<DemoReport> report, Story story, boolean json) {
    story.title("");
    if (report.isEmpty()) {
      story.title("Stopped before the end: nothing was checked.");
      return ErrorCode.CANCELLED.exitCode();
    }
    boolean right = report.get().right();
    story.title(right ? "Everything is right." : "SOMETHING IS WRONG, see above.");
    if (json) {
      context.console().print(report.get().json());
    }
    return right ? 0 : ErrorCode.INTEGRITY.exitCode();
  }

  private void introduce(Story story, DemoFolder folder, LocalKinesis kinesis, URI server) {
    story.title("watershed demo: everything on this machine");
    story.line("Kinesis    " + kinesis.endpoint() + " (embedded, with the real service's limits)");
    story.line("Reservoir  " + context.relative(folder.path().resolve("data")));
    story.line(
        "Archiver   a process of its own; its log: " + context.relative(folder.archiverLog()));
    story.line("Web UI     " + server + ", and a REST API at " + server + "/api/docs");
  }
}
