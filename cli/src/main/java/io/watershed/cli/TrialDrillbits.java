package io.watershed.cli;

import io.watershed.bench.Drillbits;
import io.watershed.bench.SparkProcess;
import io.watershed.cli.drill.DrillArchive;
import io.watershed.cli.drill.TrialCluster;
import io.watershed.cli.drill.TrialCluster.Endpoint;
import io.watershed.cli.drill.TrialSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Drillbits of the archive that the build made, as {@code dev drill} starts them. */
final class TrialDrillbits implements Drillbits {
  private final CommandContext context;

  TrialDrillbits(CommandContext context) {
    this.context = context;
  }

  @Override
  public Running start(int count, String heap, String direct, Path config) throws Exception {
    if (Runtime.version().feature() != DevDrillCommand.JAVA) {
      throw new WatershedException(
          ErrorCode.CONFIG, "Drill runs on Java 17 only", "Run this with a JDK 17 (JAVA_HOME).");
    }
    Path folder = Files.createTempDirectory("watershed-drill");
    Path home =
        new DrillArchive(folder.resolve("home"))
            .home(Optional.empty(), DrillArchive.places(context));
    TrialCluster cluster =
        new TrialCluster(
            home,
            Files.createDirectories(folder.resolve("run")),
            new TrialSettings(
                count,
                heap,
                direct,
                0,
                Path.of(System.getProperty("java.home")),
                Optional.of(config)));
    Running running = new Started(cluster, folder);
    try {
      cluster.start(
          new TrialCluster.Watch() {
            @Override
            public void starting(String what) {}

            @Override
            public boolean isStopping() {
              return false;
            }
          });
    } catch (Exception e) {
      running.close();
      throw e;
    }
    return running;
  }

  @Override
  public Optional<Path> spark() {
    return DrillArchive.places(context, "spark-reader/target").stream()
        .filter(SparkProcess::isBuilt)
        .findFirst();
  }

  private record Started(TrialCluster cluster, Path folder) implements Running {
    @Override
    public List<String> addresses() {
      return cluster.endpoints().stream().map(Endpoint::drillbit).toList();
    }

    @Override
    public void close() throws Exception {
      try {
        cluster.close();
      } finally {
        Folders.delete(folder);
      }
    }
  }
}
