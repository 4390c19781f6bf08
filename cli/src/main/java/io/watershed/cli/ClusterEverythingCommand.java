package io.watershed.cli;

import io.watershed.cli.ClusterSteps.Launched;
import io.watershed.cluster.ClusterInfo;
import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.DrillStorage;
import io.watershed.cluster.LaunchPlan;
import io.watershed.cluster.PortForward;
import io.watershed.cluster.SshTunnel;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All steps of the cluster in a row. */
@Command(
    name = "everything",
    aliases = "e",
    mixinStandardHelpOptions = true,
    description = {
      "Uploads, launches, waits, forwards ports, makes Hive's tables and Drill's storage, and goes on",
      "forwarding until Ctrl-C. With -t the cluster is terminated then, and when a step fails.",
      "Without it, the cluster goes on, and the last line says so."
    },
    footer = {
      "",
      "Example:",
      "  watershed everything -c watershed.json -s streams -k key.pem -t --yes"
    })
final class ClusterEverythingCommand implements Callable<Integer> {
  private static final long FIRST_CONNECTION_SECONDS = 120;

  private final CommandContext context;

  @Mixin ClusterOptions.Drill drill = new ClusterOptions.Drill();
  @Mixin ClusterOptions.Ssh ssh = new ClusterOptions.Ssh();

  @Option(
      names = "--drill-port",
      paramLabel = "PORT",
      defaultValue = "8047",
      description = "Port of Drill's web page on the primary node (default: ${DEFAULT-VALUE}).")
  int drillPort;

  @Option(names = "-t", description = "Terminate the cluster at the end, and when a step fails.")
  boolean terminate;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(names = "--dry-run", description = "Print the requests; send none.")
  boolean dryRun;

  ClusterEverythingCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (ClusterSession session = new ClusterSession(context)) {
      ClusterSteps steps = new ClusterSteps(session);
      ClusterResources resources = session.resources(drill);
      if (dryRun) {
        context.console().print(ClusterSession.pretty(requests(session, steps, resources)));
        return 0;
      }
      context.console().say("1. Upload");
      steps.upload(resources);
      context.console().say("2. Launch");
      Optional<Launched> launched = steps.launch(resources, yes);
      if (launched.isEmpty()) {
        return ErrorCode.CANCELLED.exitCode();
      }
      String id = launched.get().id();
      try {
        use(session, steps, id);
      } finally {
        end(session, id);
      }
    }
    return 0;
  }

  /** A cluster that ended by itself, or that EMR does not tell of now, must not hide the error. */
  private void end(ClusterSession session, String id) {
    try {
      new ClusterEnd(session, id).after(terminate);
    } catch (WatershedException e) {
      context
          .console()
          .say(
              "   Whether "
                  + id
                  + " still runs, and costs, is not known ("
                  + e.getMessage()
                  + "). Look: '"
                  + context.again("cluster", "wait-for-cluster", "--cluster-id", id)
                  + "'.");
    }
  }

  private void use(ClusterSession session, ClusterSteps steps, String id) throws Exception {
    Console console = context.console();
    console.say("3. Wait");
    ClusterInfo cluster = steps.awaitReady(id);
    console.say("4. Forward");
    try (SshTunnel tunnel = ClusterTunnel.prepare(context, session.settings(), ssh, cluster);
        AutoCloseable unused = context.shutdown().onStop(tunnel::close)) {
      Connection connection = new Connection(new ClusterTunnel.Reporter(console));
      Thread thread = new Thread(() -> connection.run(tunnel), "ssh-tunnel");
      thread.setDaemon(true);
      thread.start();
      List<PortForward> ports = connection.await();
      console.say("5. Tables in Hive");
      steps.createTables(id, steps.hiveStatements());
      console.say("6. Storage in Drill");
      Optional<PortForward> web =
          ports.stream().filter(port -> port.remote() == drillPort).findFirst();
      if (web.isPresent()) {
        steps.configureStorage(URI.create("http://127.0.0.1:" + web.get().local()));
      } else {
        console.say("   left out: Drill's port " + drillPort + " is not forwarded");
      }
      console.print("Everything is up on " + id + ". Ctrl-C ends the forwarding.");
      thread.join();
    }
  }

  private static List<Object> requests(
      ClusterSession session, ClusterSteps steps, ClusterResources resources) {
    List<Object> requests = new ArrayList<>(ClusterSteps.uploadRequests(resources));
    requests.add(Map.of("RunJobFlow", LaunchPlan.of(session.settings(), resources).request()));
    String cluster = new ClusterOptions.WhichCluster().orPlaceholder();
    requests.add(Map.of("DescribeCluster", Map.of("ClusterId", cluster)));
    requests.add(Map.of("statements", steps.hiveStatements()));
    requests.add(
        ClusterSteps.stepRequest(
            cluster,
            ClusterSteps.hiveWords(
                URI.create(ClusterResources.place(session.settings()) + "/tables.sql"))));
    requests.add(
        Map.of(
            "POST /storage/" + DrillStorage.NAME + ".json",
            DrillStorage.request(ClusterResources.CONFIG_ON_NODES)));
    requests.add(ClusterSteps.terminateRequest(cluster));
    return requests;
  }

  /** The tunnel on its thread: what it forwards, or why it does not. */
  private static final class Connection implements SshTunnel.Listener {
    private final ClusterTunnel.Reporter reporter;
    private final CompletableFuture<List<PortForward>> first = new CompletableFuture<>();

    Connection(ClusterTunnel.Reporter reporter) {
      this.reporter = reporter;
    }

    void run(SshTunnel tunnel) {
      try {
        tunnel.run(this);
        first.completeExceptionally(new WatershedException(ErrorCode.CANCELLED, "stopped", ""));
      } catch (RuntimeException e) {
        first.completeExceptionally(e);
      }
    }

    List<PortForward> await() throws InterruptedException {
      try {
        return first.get(FIRST_CONNECTION_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException error ? error : new IllegalStateException(e);
      } catch (TimeoutException e) {
        throw new WatershedException(
            ErrorCode.UNREACHABLE,
            "no SSH connection within " + FIRST_CONNECTION_SECONDS + " s",
            "Check the security group of the primary node.",
            e);
      }
    }

    @Override
    public void connected(List<PortForward> ports) {
      reporter.connected(ports);
      first.complete(ports);
    }

    @Override
    public void lost(String why) {
      reporter.lost(why);
    }
  }
}
