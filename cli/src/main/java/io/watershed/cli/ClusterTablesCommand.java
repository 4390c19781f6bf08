package io.watershed.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes archives and streams known in Hive. */
@Command(
    name = "create-tables",
    aliases = "ct",
    mixinStandardHelpOptions = true,
    description = {
      "Registers the archives and streams in the Hive metastore of the cluster, in the database",
      "'watershed': <stream> and <stream>_live by watershed's storage handler (or <stream>_stream by",
      "EMR's own, see 'hive_handler'), and <stream>_archive by Iceberg's. They are only names: made",
      "again each time, and dropping them drops no data."
    },
    footer = {"", "Examples:", "  watershed cluster create-tables --print", "  watershed ct"})
final class ClusterTablesCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.WhichCluster which = new ClusterOptions.WhichCluster();

  @Option(names = "--dry-run", description = "Print the statements and the request; send none.")
  boolean dryRun;

  @Option(names = "--print", description = "Print the statements only.")
  boolean print;

  ClusterTablesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (ClusterSession session = new ClusterSession(context)) {
      ClusterSteps steps = new ClusterSteps(session);
      String statements = steps.hiveStatements();
      if (print) {
        context.console().print(statements.stripTrailing());
        return 0;
      }
      if (dryRun) {
        context
            .console()
            .print(
                ClusterSession.pretty(
                    List.of(
                        Map.of("statements", statements),
                        ClusterSteps.stepRequest(
                            which.orPlaceholder(),
                            ClusterSteps.hiveWords(URI.create("s3://resources/tables.sql"))))));
        return 0;
      }
      String cluster = session.cluster(which.id).id();
      String step = steps.createTables(cluster, statements);
      if (context.options().format() == OutputFormat.TABLE) {
        context.console().print("Hive on " + cluster + " has the tables (step " + step + ")");
      } else {
        context
            .console()
            .print(Json.object().put("cluster_id", cluster).put("step_id", step).toString());
      }
    }
    return 0;
  }
}
