package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a launch asks for.
 *
 * @param request RunJobFlow's, under the names of the API
 * @param nodes the nodes in words, such as {@code 1 m6i.xlarge, 2 r6i.xlarge}
 */
public record LaunchPlan(Map<String, Object> request, String nodes) {

  /** The plan for these settings. */
  public static LaunchPlan of(ClusterSettings settings, ClusterResources resources) {
    Map<String, Object> request = LaunchRequest.of(settings, resources.bootstrap().uri());
    return new LaunchPlan(request, nodes(request));
  }

  private static String nodes(Map<String, Object> request) {
    List<String> nodes = new ArrayList<>();
    if (request.get("Instances") instanceof Map<?, ?> instances) {
      if (instances.get("InstanceFleets") instanceof List<?> fleets) {
        return "a cluster of " + fleets.size() + " instance fleets";
      }
      if (instances.get("InstanceGroups") instanceof List<?> groups) {
        for (Object group : groups) {
          if (group instanceof Map<?, ?> members) {
            nodes.add(
                members.get("InstanceCount")
                    + " "
                    + members.get("InstanceType")
                    + ("SPOT".equals(members.get("Market")) ? " (spot)" : ""));
          }
        }
      }
    }
    return String.join(", ", nodes);
  }
}
