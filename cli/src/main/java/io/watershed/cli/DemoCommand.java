package io.watershed.cli;

import io.watershed.cli.demo.DemoRun;
import io.watershed.core.config.DurationText;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything at once, on this machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows everything on this machine: an embedded Kinesis endpoint, a producer on two streams,",
      "an archiver (killed in mid-flight and restarted), SQL, a replay, a web UI, and a check of it",
      "all."
    },
    footer = {
      "",
      "Examples:",
      "  watershed demo                        until Ctrl-C",
      "  watershed demo --seconds 20 --json    without a person; the last line is one JSON object"
    })
final class DemoCommand implements Callable<Integer> {
  private static final double MAX_RATE = 1_500;

  private final CommandContext context;

  @Option(names = "--seconds", paramLabel = "N", description = "How long. Default: until Ctrl-C.")
  @Nullable Integer seconds;

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      defaultValue = "watershed-demo",
      description = "Where it writes. Default: ./${DEFAULT-VALUE}.")
  Path folder = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the Kinesis endpoint. Default: any that is free.")
  int port;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "600",
      description = "Events a second over both streams. Default: ${DEFAULT-VALUE}.")
  double rate;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if ((seconds != null && seconds < 5) || rate < 1 || rate > MAX_RATE) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "The demo takes at least "
              + DurationText.format(Duration.ofSeconds(5))
              + " and 1 to 1500 events a second",
          "Such as: watershed demo --seconds 20 --rate 600");
    }
    LogSetup.quiet();
    return new DemoRun(context)
        .run(
            new DemoRun.Options(
                context.folder().resolve(folder),
                port,
                Optional.ofNullable(seconds).map(Duration::ofSeconds),
                rate,
                context.options().format() == OutputFormat.JSON));
  }
}
