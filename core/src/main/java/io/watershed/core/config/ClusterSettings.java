package io.watershed.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The EMR cluster that {@code watershed cluster} brings up and takes down.
 *
 * @param name what it is found by, too: one cluster of this name at a time
 * @param releaseLabel such as {@code emr-7.14.0}
 * @param access how EMR and its S3 are reached
 * @param resources {@code s3://bucket/prefix} for what the cluster installs
 * @param logUri where EMR keeps its logs
 * @param roles IAM
 * @param network key pair, subnets, security
 * @param instances how many of which type
 * @param tags on the cluster and its instances
 * @param autoTermination idle time after which EMR ends it; it may not see Drill's queries
 * @param emrfs whether s3:// is EMRFS instead of S3A
 * @param hiveHandler what reads streams in Hive
 * @param drill what Drill gets of each node
 * @param ssh how to reach the primary node
 * @param request what else RunJobFlow takes, under its own names; laid over the rest
 */
public record ClusterSettings(
    String name,
    String releaseLabel,
    AwsAccess access,
    Optional<URI> resources,
    Optional<URI> logUri,
    Roles roles,
    Network network,
    Instances instances,
    Map<String, String> tags,
    Optional<Duration> autoTermination,
    boolean emrfs,
    HiveHandler hiveHandler,
    DrillMemory drill,
    Ssh ssh,
    Map<String, Object> request) {

  public ClusterSettings {
    tags = Map.copyOf(tags);
    request = Map.copyOf(request);
  }

  /** What reads streams in Hive. */
  public enum HiveHandler {
    /** Our own. */
    WATERSHED,
    /** The connector that EMR brings. */
    EMR
  }

  /** IAM: the service's role, and the instance profile of the nodes. */
  public record Roles(String service, String instanceProfile) {}

  /**
   * Where the nodes are.
   *
   * @param keyPair name of the EC2 key pair that SSH uses
   * @param subnets one for instance groups; for fleets EMR chooses
   * @param securityConfiguration EMR's security configuration by name
   * @param primarySecurityGroup and the next two: EMR makes its own without them
   */
  public record Network(
      Optional<String> keyPair,
      List<String> subnets,
      Optional<String> securityConfiguration,
      Optional<String> primarySecurityGroup,
      Optional<String> coreSecurityGroup,
      Optional<String> serviceSecurityGroup) {
    public Network {
      subnets = List.copyOf(subnets);
    }
  }

  /**
   * The nodes.
   *
   * @param primary instance type of the primary node
   * @param core instance type of core nodes
   * @param coreCount how many; 0 for a primary node alone
   * @param task instance type of task nodes
   * @param taskCount how many
   * @param spot which of them are spot instances
   */
  public record Instances(
      String primary, String core, int coreCount, String task, int taskCount, Spot spot) {
    /** Which nodes EC2 may take away. */
    public enum Spot {
      /** None. */
      NONE,
      /** Task nodes. */
      TASK,
      /** Core and task nodes. */
      CORE_AND_TASK
    }
  }

  /** Bytes of Java heap and of direct memory for each drillbit. */
  public record DrillMemory(long heapBytes, long directBytes) {}

  /**
   * SSH.
   *
   * @param user on the primary node
   * @param privateKey the key pair's private half; empty: the keys of the agent's default files
   * @param knownHosts file with host keys
   * @param ports {@code local:remote}, or one number for both
   */
  public record Ssh(String user, Optional<Path> privateKey, Path knownHosts, List<String> ports) {
    public Ssh {
      ports = List.copyOf(ports);
    }
  }
}
