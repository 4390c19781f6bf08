package io.watershed.cli;

import io.watershed.core.config.DataSize;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the embedded Kinesis endpoint on its own. */
@Command(
    name = "kinesis",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a Kinesis-compatible endpoint on this machine, in memory, until Ctrl-C.",
      "Any AWS SDK or the AWS CLI can use it; signatures are not checked."
    },
    footer = {
      "",
      "Examples:",
      "  watershed dev kinesis --port 4567 --stream orders:2",
      "  aws kinesis list-streams --endpoint-url http://127.0.0.1:4567"
    })
final class DevKinesisCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4567",
      description = "TCP port; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
  String bind = "";

  @Option(
      names = "--stream",
      paramLabel = "NAME[:SHARDS]",
      description = "Create this stream at the start; may be repeated.")
  List<String> streams = new ArrayList<>();

  @Option(names = "--no-limits", description = "Do not enforce the limits of the real service.")
  boolean noLimits;

  @Option(
      names = "--max-held",
      paramLabel = "SIZE",
      defaultValue = "512MiB",
      description = "The most record bytes to hold in memory. Default: ${DEFAULT-VALUE}.")
  String maxHeld = "";

  DevKinesisCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    LogSetup.tellTheStory(context.options().verbose);
    CountDownLatch stopped = new CountDownLatch(1);
    LocalKinesisSettings settings =
        LocalKinesisSettings.DEFAULTS
            .withBindAddress(bind)
            .withPort(port)
            .withEnforceLimits(!noLimits);
    settings = settings.withMaxBytesHeld(DataSize.parse(maxHeld).bytes(), settings.whenFull());
    List<StreamShape> shapes = streams.stream().map(StreamShape::parse).toList();
    try (LocalKinesis kinesis = LocalKinesis.start(settings);
        AutoCloseable unused = context.shutdown().onStop(stopped::countDown)) {
      shapes.forEach(shape -> kinesis.createStream(shape.name(), shape.shards()));
      context.console().print("Kinesis endpoint: " + kinesis.endpoint());
      context
          .console()
          .say("Region us-east-1, any credentials. Records are gone when it ends: Ctrl-C.");
      stopped.await();
    }
    return 0;
  }

  /** {@code name:shards}. */
  record StreamShape(String name, int shards) {
    static StreamShape parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        return colon < 0
            ? new StreamShape(text, 1)
            : new StreamShape(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      } catch (NumberFormatException e) {
        throw new WatershedException(
            ErrorCode.USAGE,
            "'" + text + "' is not a stream and its shards",
            "Write name or name:shards, such as orders:2.",
            e);
      }
    }
  }
}
