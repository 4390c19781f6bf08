package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * The bootstrap action: a script that EMR runs on each node before Hadoop and ZooKeeper start. It
 * installs Drill as a systemd unit that starts until ZooKeeper is there.
 */
final class BootstrapScript {
  private static final long MIB = 1 << 20;

  private BootstrapScript() {}

  static String of(ClusterSettings settings, URI drill, Optional<URI> hive, URI configuration) {
    return template()
        .replace("@DRILL_URI@", drill.toString())
        .replace("@HIVE_URI@", hive.map(URI::toString).orElse(""))
        .replace("@HIVE_JAR@", ClusterResources.HIVE_JAR_ON_NODES)
        .replace("@CONFIG_URI@", configuration.toString())
        .replace("@CLUSTER_ID@", "watershed")
        .replace("@HEAP@", settings.drill().heapBytes() / MIB + "m")
        .replace("@DIRECT@", settings.drill().directBytes() / MIB + "m");
  }

  private static String template() {
    try (InputStream in =
        Objects.requireNonNull(BootstrapScript.class.getResourceAsStream("install-drill.sh"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
