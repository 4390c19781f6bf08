package io.watershed.cli;

import io.watershed.cluster.ClusterInfo;
import io.watershed.cluster.PortForward;
import io.watershed.cluster.SshTunnel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Forwards ports of the primary node to this machine. */
@Command(
    name = "forward-local-ports",
    aliases = "f",
    mixinStandardHelpOptions = true,
    description = {
      "Forwards ports of this machine's loopback to the primary node over SSH: Drill's web page and",
      "JDBC, HiveServer2. A lost connection is made again. Ctrl-C ends it at any time."
    },
    footer = {
      "",
      "Examples:",
      "  watershed cluster forward-local-ports -k key.pem",
      "  watershed f -k key.pem -t                    terminates the cluster at the end",
      "  watershed f -k key.pem --port 18047:8047"
    })
final class ClusterForwardCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.WhichCluster which = new ClusterOptions.WhichCluster();
  @Mixin ClusterOptions.Ssh ssh = new ClusterOptions.Ssh();

  @Option(names = "-t", description = "Terminate the cluster when forwarding ends.")
  boolean terminate;

  @Option(names = "--dry-run", description = "Print what would be forwarded; connect nowhere.")
  boolean dryRun;

  ClusterForwardCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (ClusterSession session = new ClusterSession(context)) {
      if (dryRun) {
        List<PortForward> ports = ClusterTunnel.ports(session.settings(), ssh);
        context
            .console()
            .print(
                ClusterSession.pretty(
                    Map.of("user", session.settings().ssh().user(), "forward", ports)));
        return 0;
      }
      ClusterInfo cluster = session.cluster(which.id);
      try (SshTunnel tunnel = ClusterTunnel.prepare(context, session.settings(), ssh, cluster);
          AutoCloseable unused = context.shutdown().onStop(tunnel::close)) {
        tunnel.run(new ClusterTunnel.Reporter(context.console()));
      } finally {
        new ClusterEnd(session, cluster.id()).after(terminate);
      }
    }
    return 0;
  }
}
