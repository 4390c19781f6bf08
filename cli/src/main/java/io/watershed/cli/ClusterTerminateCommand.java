package io.watershed.cli;

import io.watershed.cluster.ClusterInfo;
import io.watershed.core.error.ErrorCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends the cluster. */
@Command(
    name = "terminate-cluster",
    aliases = "t",
    mixinStandardHelpOptions = true,
    description = {
      "Terminates the cluster and waits until nothing of it runs. What is in S3 stays: the",
      "reservoir, the uploaded files, the logs. If none runs, there is nothing to do."
    },
    footer = {"", "Example:", "  watershed cluster terminate-cluster --yes"})
final class ClusterTerminateCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.WhichCluster which = new ClusterOptions.WhichCluster();

  @Option(names = "--dry-run", description = "Print the request; send none.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(names = "--no-wait", description = "Do not wait until it is over.")
  boolean noWait;

  ClusterTerminateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (ClusterSession session = new ClusterSession(context)) {
      if (dryRun) {
        context
            .console()
            .print(ClusterSession.pretty(ClusterSteps.terminateRequest(which.orPlaceholder())));
        return 0;
      }
      Optional<ClusterInfo> cluster =
          which.id == null
              ? session.clusters().find(session.settings().name())
              : Optional.of(session.clusters().describe(which.id));
      if (cluster.isEmpty()) {
        context.console().print("no cluster named '" + session.settings().name() + "' runs");
        return 0;
      }
      if (!yes
          && !new Confirmation(context)
              .given(
                  "Ending a cluster",
                  "Terminate " + cluster.get().id() + " (" + cluster.get().name() + ")?")) {
        return ErrorCode.CANCELLED.exitCode();
      }
      new ClusterSteps(session).terminate(cluster.get(), !noWait);
      if (context.options().format() != OutputFormat.TABLE) {
        context
            .console()
            .print(ClusterSteps.json(session.clusters().describe(cluster.get().id())).toString());
      }
    }
    return 0;
  }
}
