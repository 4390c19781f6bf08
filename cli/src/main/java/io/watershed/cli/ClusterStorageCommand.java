package io.watershed.cli;

import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.DrillStorage;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes streams and archives known in Drill. */
@Command(
    name = "configure-storage-stream-archives",
    aliases = "cs",
    mixinStandardHelpOptions = true,
    description = {
      "Tells Drill, through its REST interface, of the storage 'watershed': the streams and their",
      "archives. Drill's web port has to be forwarded (forward-local-ports)."
    },
    footer = {"", "Example:", "  watershed cluster cs --drill-url http://127.0.0.1:8047"})
final class ClusterStorageCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--drill-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8047",
      description = "Drill's web address (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // has a default
  URI drill;

  @Option(names = "--dry-run", description = "Print the request; send none.")
  boolean dryRun;

  ClusterStorageCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (ClusterSession session = new ClusterSession(context)) {
      if (dryRun) {
        context
            .console()
            .print(
                ClusterSession.pretty(
                    List.of(
                        Map.of(
                            "POST " + drill.resolve("/storage/" + DrillStorage.NAME + ".json"),
                            DrillStorage.request(ClusterResources.CONFIG_ON_NODES)))));
        return 0;
      }
      int drillbits = new ClusterSteps(session).configureStorage(drill);
      if (context.options().format() == OutputFormat.TABLE) {
        context
            .console()
            .print("Drill has the storage 'watershed', on " + drillbits + " drillbits");
      } else {
        context.console().print(Json.object().put("drillbits", drillbits).toString());
      }
    }
    return 0;
  }
}
