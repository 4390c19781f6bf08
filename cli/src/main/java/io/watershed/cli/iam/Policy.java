package io.watershed.cli.iam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A policy document in the grammar of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. Built up by one
 * thread.
 */
final class Policy {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode document = MAPPER.createObjectNode().put("Version", "2012-10-17");
  private final ArrayNode statements = document.putArray("Statement");

  /** Allows actions on resources; nothing is added when there is no resource. */
  Policy allow(String id, List<String> actions, Collection<String> resources) {
    return allow(id, actions, resources, Map.of());
  }

  /**
   * Allows actions on resources under conditions.
   *
   * @param conditions operator to (key to values)
   */
  Policy allow(
      String id,
      List<String> actions,
      Collection<String> resources,
      Map<String, Map<String, List<String>>> conditions) {
    if (resources.isEmpty()) {
      return this;
    }
    ObjectNode statement = statements.addObject().put("Sid", id).put("Effect", "Allow");
    actions.forEach(statement.putArray("Action")::add);
    resources.stream().sorted().distinct().forEach(statement.putArray("Resource")::add);
    if (!conditions.isEmpty()) {
      ObjectNode condition = statement.putObject("Condition");
      new TreeMap<>(conditions)
          .forEach(
              (operator, keys) -> {
                ObjectNode object = condition.putObject(operator);
                keys.forEach((key, values) -> values.forEach(object.withArray("/" + key)::add));
              });
    }
    return this;
  }

  /** Denies actions on resources to all but one principal. */
  Policy denyOthers(String id, List<String> actions, List<String> resources, String principal) {
    ObjectNode statement =
        statements.addObject().put("Sid", id).put("Effect", "Deny").put("Principal", "*");
    actions.forEach(statement.putArray("Action")::add);
    resources.forEach(statement.putArray("Resource")::add);
    statement.putObject("Condition").putObject("ArnNotEquals").put("aws:PrincipalArn", principal);
    return this;
  }

  String text() {
    return document.toPrettyString();
  }
}
