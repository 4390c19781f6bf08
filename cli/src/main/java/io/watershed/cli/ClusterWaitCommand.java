package io.watershed.cli;

import io.watershed.cluster.ClusterInfo;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits until the cluster can be used. */
@Command(
    name = "wait-for-cluster",
    aliases = "w",
    mixinStandardHelpOptions = true,
    description = {
      "Waits until the cluster can be used, and tells of each change of state with its reason. Fails",
      "when it ends instead. Ctrl-C stops the waiting, not the cluster."
    },
    footer = {"", "Example:", "  watershed cluster wait-for-cluster --cluster-id j-2AXXXXXXGAPLF"})
final class ClusterWaitCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.WhichCluster which = new ClusterOptions.WhichCluster();

  @Option(names = "--dry-run", description = "Print the request; send none.")
  boolean dryRun;

  ClusterWaitCommand(CommandContext context) {
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
                    Map.of("DescribeCluster", Map.of("ClusterId", which.orPlaceholder()))));
        return 0;
      }
      ClusterInfo ready = new ClusterSteps(session).awaitReady(session.cluster(which.id).id());
      if (context.options().format() == OutputFormat.TABLE) {
        context
            .console()
            .print(
                ready.id() + " is " + ready.state() + ready.host().map(h -> " at " + h).orElse(""));
      } else {
        context.console().print(ClusterSteps.json(ready).toString());
      }
    }
    return 0;
  }
}
