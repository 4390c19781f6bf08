package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.cli.drill.DrillArchive;
import io.watershed.cli.drill.TrialCluster;
import io.watershed.cli.drill.TrialCluster.Endpoint;
import io.watershed.cli.drill.TrialSettings;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs Apache Drill on this machine for trying it. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Runs Apache Drill on this machine until Ctrl-C, on 127.0.0.1, from the archive that the build",
      "makes (drill-dist/target/watershed-drill-<version>.tar.gz). More than one drillbit share a",
      "ZooKeeper, which runs, too. Drill asks nobody for a password. It needs a JDK 17."
    },
    footer = {"", "Examples:", "  watershed dev drill", "  watershed dev drill --drillbits 2"})
final class DevDrillCommand implements Callable<Integer> {
  static final int JAVA = 17;
  private static final int MOST_DRILLBITS = 8;

  private final CommandContext context;

  @Option(
      names = "--drillbits",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many; more than one need ZooKeeper. Default: ${DEFAULT-VALUE}.")
  int drillbits;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "31010",
      description = "JDBC port of the first one; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  int port;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "768m",
      description = "Java heap of each drillbit. Default: ${DEFAULT-VALUE}.")
  String heap = "";

  @Option(
      names = "--direct",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "Memory of each beside the heap, for data. Default: ${DEFAULT-VALUE}.")
  String direct = "";

  @Option(
      names = "--drill-home",
      paramLabel = "PATH",
      description =
          "An unpacked Drill archive, or the archive; default: the one that the build made.")
  @Nullable Path drillHome;

  @Option(
      names = "--java-home",
      paramLabel = "DIR",
      description = "A JDK 17 for Drill, if watershed itself runs on another one.")
  @Nullable Path javaHome;

  DevDrillCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (drillbits < 1 || drillbits > MOST_DRILLBITS) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--drillbits is " + drillbits,
          "One machine runs 1 to " + MOST_DRILLBITS + " of them.");
    }
    WatershedConfig config = context.configOrDefaults();
    try (Connections connections = new Connections(context, config)) {
      Path cache = connections.cache().resolve("drill");
      TrialSettings settings =
          new TrialSettings(drillbits, heap, direct, port, java(), configFile());
      Path home =
          new DrillArchive(cache)
              .home(
                  Optional.ofNullable(drillHome).map(context.folder()::resolve),
                  DrillArchive.places(context));
      Files.createDirectories(cache);
      Path work = Files.createTempDirectory(cache, "run");
      CountDownLatch stopped = new CountDownLatch(1);
      try (AutoCloseable unused = context.shutdown().onStop(stopped::countDown);
          TrialCluster cluster = new TrialCluster(home, work, settings)) {
        run(cluster, stopped);
      }
    }
    return 0;
  }

  private void run(TrialCluster cluster, CountDownLatch stopped) throws Exception {
    Instant began = context.clock().instant();
    ProgressLine progress = new ProgressLine(context.console(), context.clock());
    boolean up =
        cluster.start(
            new TrialCluster.Watch() {
              @Override
              public void starting(String what) {
                long seconds = Duration.between(began, context.clock().instant()).toSeconds();
                progress.update(() -> "waiting for " + what + " (" + seconds + " s)");
              }

              @Override
              public boolean isStopping() {
                return stopped.getCount() == 0;
              }
            });
    progress.clear();
    if (!up) {
      return;
    }
    print(cluster);
    while (!stopped.await(1, TimeUnit.SECONDS)) {
      cluster.reportEnded(context.console()::say);
      if (!cluster.isAlive()) {
        throw new WatershedException(
            ErrorCode.REFUSED,
            "no drillbit runs any more",
            "Too little memory, perhaps: see --heap and --direct.");
      }
    }
    context.console().say("Stopping.");
  }

  private void print(TrialCluster cluster) {
    if (context.options().format() != OutputFormat.TABLE) {
      ObjectNode answer = Json.object().put("jdbc", cluster.jdbcUrl());
      cluster.endpoints().forEach(one -> answer.withArray("drillbits").add(one.drillbit()));
      cluster.endpoints().forEach(one -> answer.withArray("web").add(one.web()));
      context.console().print(answer.toString());
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add("JDBC:     " + cluster.jdbcUrl());
    for (Endpoint one : cluster.endpoints()) {
      lines.add("Web page: " + one.web() + "  (" + one.name() + ")");
    }
    lines.forEach(context.console()::print);
    context
        .console()
        .say("Drill asks nobody for a password; it listens on 127.0.0.1 only. Stop with Ctrl-C.");
  }

  private Path java() {
    if (javaHome != null) {
      return context.folder().resolve(javaHome).toAbsolutePath();
    }
    int feature = Runtime.version().feature();
    if (feature != JAVA) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "Apache Drill runs on Java " + JAVA + " only, and this is Java " + feature,
          "Name a JDK " + JAVA + " with --java-home.");
    }
    return Path.of(System.getProperty("java.home"));
  }

  /** Only one that is there: Drill runs without, too. */
  private Optional<Path> configFile() {
    return Optional.of(context.configFile()).filter(Files::exists);
  }
}
