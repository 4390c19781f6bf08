package io.watershed.cli;

import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes the number of a stream's shards, to see that nothing minds. */
@Command(
    name = "reshard",
    mixinStandardHelpOptions = true,
    description = {
      "Splits or merges a stream's open shards evenly (UpdateShardCount), and waits until it is done.",
      "The service takes at least half and at most double the present count."
    },
    footer = {
      "",
      "Example:",
      "  watershed dev reshard orders 4 --endpoint-url http://127.0.0.1:4567"
    })
final class DevReshardCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
  String stream = "";

  @Parameters(index = "1", paramLabel = "SHARDS", description = "Its open shards afterwards.")
  int shards;

  DevReshardCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    WatershedConfig config = context.configOrDefaults();
    StreamConfig target = config.streamOrDefault(stream);
    try (Connections connections = new Connections(context, config)) {
      connections.reshard(target, shards);
      int open = connections.describe(target).openShards();
      if (context.options().format() == OutputFormat.TABLE) {
        context.console().print(stream + " has " + open + " open shards");
      } else {
        context
            .console()
            .print(Json.object().put("stream", stream).put("open_shards", open).toString());
      }
    }
    return 0;
  }
}
