package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import java.nio.file.Path;

/** Settings as a configuration file gives them. */
final class TestSettings {
  private TestSettings() {}

  /** The part {@code cluster} in these lines, each indented by two. */
  static ClusterSettings of(String... lines) {
    String text = "cluster:\n  region: eu-central-1\n" + String.join("\n", lines) + "\n";
    return new ConfigLoader(ConfigOverrides.NONE)
        .parse(Path.of("/tmp/watershed.yaml"), text)
        .cluster();
  }
}
