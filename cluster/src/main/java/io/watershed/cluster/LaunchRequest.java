package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings;
import io.watershed.core.config.ClusterSettings.Instances;
import io.watershed.core.config.ClusterSettings.Instances.Spot;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The request RunJobFlow (https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html):
 * Hadoop, Hive and ZooKeeper by EMR, Drill by our bootstrap action.
 */
final class LaunchRequest {
  private static final List<String> APPLICATIONS = List.of("Hadoop", "Hive", "ZooKeeper");

  private LaunchRequest() {}

  /**
   * The request under the names of the API.
   *
   * @param bootstrap the script that installs Drill
   */
  static Map<String, Object> of(ClusterSettings settings, URI bootstrap) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("Name", settings.name());
    request.put("ReleaseLabel", settings.releaseLabel());
    settings.logUri().ifPresent(uri -> request.put("LogUri", uri + "/"));
    request.put("ServiceRole", settings.roles().service());
    request.put("JobFlowRole", settings.roles().instanceProfile());
    request.put("VisibleToAllUsers", true);
    request.put("Applications", APPLICATIONS.stream().map(name -> Map.of("Name", name)).toList());
    request.put("Instances", instances(settings));
    request.put(
        "BootstrapActions",
        List.of(
            ordered(
                "Name",
                "Apache Drill with watershed",
                "ScriptBootstrapAction",
                Map.of("Path", bootstrap.toString()))));
    request.put("Configurations", configurations(settings));
    settings
        .network()
        .securityConfiguration()
        .ifPresent(name -> request.put("SecurityConfiguration", name));
    settings
        .autoTermination()
        .ifPresent(
            idle -> request.put("AutoTerminationPolicy", Map.of("IdleTimeout", idle.toSeconds())));
    request.put("Tags", tags(settings));
    Map<String, Object> merged = ApiRequest.merged(request, settings.request());
    withoutGroupsBesideFleets(merged, settings);
    return merged;
  }

  /** EMR takes groups or fleets; who names fleets means them. */
  @SuppressWarnings("unchecked") // made above
  private static void withoutGroupsBesideFleets(
      Map<String, Object> request, ClusterSettings settings) {
    Map<String, Object> instances =
        (Map<String, Object>) Objects.requireNonNull(request.get("Instances"));
    if (instances.containsKey("InstanceFleets")) {
      instances.remove("InstanceGroups");
      instances.remove("Ec2SubnetId");
      if (!settings.network().subnets().isEmpty()) {
        instances.putIfAbsent("Ec2SubnetIds", settings.network().subnets());
      }
    }
  }

  private static Map<String, Object> instances(ClusterSettings settings) {
    Map<String, Object> instances = new LinkedHashMap<>();
    instances.put("InstanceGroups", groups(settings.instances()));
    // Without steps it waits for them, instead of ending.
    instances.put("KeepJobFlowAliveWhenNoSteps", true);
    instances.put("TerminationProtected", false);
    ClusterSettings.Network network = settings.network();
    network.keyPair().ifPresent(name -> instances.put("Ec2KeyName", name));
    network.subnets().stream()
        .findFirst()
        .ifPresent(subnet -> instances.put("Ec2SubnetId", subnet));
    network
        .primarySecurityGroup()
        .ifPresent(group -> instances.put("EmrManagedMasterSecurityGroup", group));
    network
        .coreSecurityGroup()
        .ifPresent(group -> instances.put("EmrManagedSlaveSecurityGroup", group));
    network
        .serviceSecurityGroup()
        .ifPresent(group -> instances.put("ServiceAccessSecurityGroup", group));
    return instances;
  }

  private static List<Map<String, Object>> groups(Instances instances) {
    List<Map<String, Object>> groups = new ArrayList<>();
    groups.add(group("MASTER", instances.primary(), 1, false));
    if (instances.coreCount() > 0) {
      groups.add(
          group(
              "CORE",
              instances.core(),
              instances.coreCount(),
              instances.spot() == Spot.CORE_AND_TASK));
    }
    if (instances.taskCount() > 0) {
      groups.add(
          group("TASK", instances.task(), instances.taskCount(), instances.spot() != Spot.NONE));
    }
    return groups;
  }

  private static Map<String, Object> group(String role, String type, int count, boolean spot) {
    return ordered(
        "InstanceRole",
        role,
        "InstanceType",
        type,
        "InstanceCount",
        count,
        "Market",
        spot ? "SPOT" : "ON_DEMAND");
  }

  private static List<Map<String, Object>> configurations(ClusterSettings settings) {
    List<Map<String, Object>> configurations = new ArrayList<>();
    configurations.add(classification("iceberg-defaults", Map.of("iceberg.enabled", "true")));
    if (settings.emrfs()) {
      configurations.add(
          classification(
              "core-site", Map.of("fs.s3.impl", "com.amazon.ws.emr.hadoop.fs.EmrFileSystem")));
    }
    return configurations;
  }

  private static Map<String, Object> classification(String name, Map<String, String> properties) {
    return ordered("Classification", name, "Properties", properties);
  }

  private static List<Map<String, Object>> tags(ClusterSettings settings) {
    Map<String, String> tags = new TreeMap<>(settings.tags());
    // What EMR_DefaultPolicy_V2 lets the service touch.
    tags.putIfAbsent("for-use-with-amazon-emr-managed-policies", "true");
    List<Map<String, Object>> list = new ArrayList<>();
    tags.forEach((key, value) -> list.add(ordered("Key", key, "Value", value)));
    return list;
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
