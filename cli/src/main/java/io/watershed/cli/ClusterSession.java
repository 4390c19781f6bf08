package io.watershed.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.watershed.cli.drill.DrillArchive;
import io.watershed.cluster.ClusterInfo;
import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.EmrClusters;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.config.ClusterSettings.HiveHandler;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the commands of the cluster share: configuration, connections, pauses that Ctrl-C ends. */
final class ClusterSession implements AutoCloseable {
  /** Of this user or machine; the cluster has its own. */
  private static final Set<String> NOT_FOR_NODES =
      Set.of("profile", "local_credentials", "keep", "role_arn", "external_id");

  private final CommandContext context;
  private final WatershedConfig config;
  private final Interruption interruption;
  private @Nullable EmrClusters clusters;
  private @Nullable Reservoir resources;

  ClusterSession(CommandContext context) {
    this.context = context;
    this.config = context.config();
    this.interruption = new Interruption(context.shutdown());
  }

  CommandContext context() {
    return context;
  }

  WatershedConfig config() {
    return config;
  }

  ClusterSettings settings() {
    return config.cluster();
  }

  EmrClusters clusters() {
    EmrClusters open = clusters;
    if (open == null) {
      open = EmrClusters.open(settings().access(), this::pause);
      clusters = open;
    }
    return open;
  }

  /** Where the cluster's files are. */
  Reservoir resourceStore() {
    Reservoir open = resources;
    if (open == null) {
      open = Reservoir.open(ClusterResources.place(settings()).toString(), settings().access());
      resources = open;
    }
    return open;
  }

  /** Waits; Ctrl-C ends it. */
  void pause(Duration time) {
    interruption.pause(time);
  }

  /**
   * The cluster that is meant.
   *
   * @param id as given; else the running one of the configured name
   * @throws WatershedException {@code not-found} if there is none
   */
  ClusterInfo cluster(@Nullable String id) {
    if (id != null) {
      return clusters().describe(id);
    }
    return clusters()
        .find(settings().name())
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "no cluster named '"
                        + settings().name()
                        + "' is running in "
                        + clusters().region(),
                    "Launch it with '"
                        + context.again("cluster", "launch-cluster")
                        + "', or name another with --cluster-id."));
  }

  /** What is uploaded for this configuration. */
  ClusterResources resources(ClusterOptions.Drill given) {
    return ClusterResources.of(
        settings(),
        given.archive == null
            ? DrillArchive.file(DrillArchive.places(context))
            : context.folder().resolve(given.archive),
        settings().hiveHandler() == HiveHandler.WATERSHED
            ? Optional.of(
                given.hiveJar == null
                    ? HiveJar.file(DrillArchive.places(context, "hive/target"))
                    : context.folder().resolve(given.hiveJar))
            : Optional.empty(),
        pluginConfig());
  }

  /**
   * The configuration that nodes read.
   *
   * @throws WatershedException {@code config} if the reservoir is a folder of this machine
   */
  String pluginConfig() {
    if (!config.reservoir().root().toString().startsWith("s3:")) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the reservoir " + config.reservoir().root() + " is a folder of this machine",
          "A cluster reads s3://bucket/prefix only; 'watershed dev drill' runs Drill here.");
    }
    Path file = context.configFile();
    return context
        .loader()
        .json(file, ConfigLoader.read(file), Set.of("server", "cluster"), NOT_FOR_NODES);
  }

  /** JSON for a person to read and for a program to take. */
  static String pretty(Object value) {
    try {
      return Json.MAPPER
          .writer()
          .with(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists are always JSON", e);
    }
  }

  @Override
  public void close() {
    if (clusters != null) {
      clusters.close();
    }
    if (resources != null) {
      resources.close();
    }
    interruption.close();
  }
}
