package io.watershed.cli;

import io.watershed.cli.ClusterSteps.Launched;
import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.LaunchPlan;
import io.watershed.core.error.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Launches the cluster. */
@Command(
    name = "launch-cluster",
    aliases = "l",
    mixinStandardHelpOptions = true,
    description = {
      "Launches the cluster that the part 'cluster' of the configuration describes, and prints its",
      "id. One of this name that runs already is taken as it is. A cluster costs money until it is",
      "terminated, so this asks first."
    },
    footer = {
      "",
      "Examples:",
      "  watershed cluster launch-cluster --dry-run   the request RunJobFlow, as it would be sent",
      "  watershed cluster launch-cluster --yes"
    })
final class ClusterLaunchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.Drill drill = new ClusterOptions.Drill();

  @Option(names = "--dry-run", description = "Print the request; send none.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  ClusterLaunchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (ClusterSession session = new ClusterSession(context)) {
      ClusterResources resources = session.resources(drill);
      if (dryRun) {
        LaunchPlan plan = LaunchPlan.of(session.settings(), resources);
        context.console().print(ClusterSession.pretty(Map.of("RunJobFlow", plan.request())));
        return 0;
      }
      Optional<Launched> launched = new ClusterSteps(session).launch(resources, yes);
      if (launched.isEmpty()) {
        return ErrorCode.CANCELLED.exitCode();
      }
      print(launched.get());
    }
    return 0;
  }

  private void print(Launched launched) {
    if (context.options().format() == OutputFormat.TABLE) {
      context.console().print(launched.id());
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("cluster_id", launched.id())
                  .put("launched", launched.anew())
                  .toString());
    }
  }
}
