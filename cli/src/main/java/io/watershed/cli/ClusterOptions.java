package io.watershed.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What several commands of the cluster take. */
final class ClusterOptions {
  /** One that is found by its id. */
  static final class WhichCluster {
    @Option(
        names = "--cluster-id",
        paramLabel = "ID",
        description = "Such as j-2AXXXXXXGAPLF. Default: the running one of the configured name.")
    @Nullable String id;

    /** For requests that are only printed. */
    String orPlaceholder() {
      return id == null ? "j-XXXXXXXXXXXXX" : id;
    }
  }

  /** What is uploaded and launched. */
  static final class Drill {
    @Option(
        names = "--drill-archive",
        paramLabel = "FILE",
        description = "watershed-drill-<version>.tar.gz. Default: beside this installation.")
    @Nullable Path archive;

    @Option(
        names = "--hive-jar",
        paramLabel = "FILE",
        description = "watershed-hive-<version>-all.jar. Default: beside this installation.")
    @Nullable Path hiveJar;
  }

  /** How the primary node is reached. */
  static final class Ssh {
    @Option(
        names = {"-k", "--private-key"},
        paramLabel = "FILE",
        description = "Private half of the cluster's key pair (.pem).")
    @Nullable Path key;

    @Option(
        names = "--port",
        paramLabel = "LOCAL:REMOTE",
        description = "Forward this instead of the configured ports; may be repeated.")
    List<String> ports = new ArrayList<>();

    @Option(
        names = "--accept-new-host-key",
        description = "Take a host that is not known yet for the right one. A changed key never.")
    boolean acceptNew;

    @Option(
        names = "--ssh-port",
        paramLabel = "PORT",
        defaultValue = "22",
        description = "Port of SSH on the primary node (default: ${DEFAULT-VALUE}).")
    int sshPort;
  }

  private ClusterOptions() {}
}
