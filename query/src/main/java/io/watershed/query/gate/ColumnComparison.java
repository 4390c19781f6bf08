package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An expression of the syntax tree that compares one column with constants, and nothing else.
 *
 * @param reference the parts of the name as written, perhaps with a table in front
 * @param members struct members that are taken of what it names
 */
record ColumnComparison(
    List<String> reference, List<String> members, Op op, List<Object> constants) {
  private static final Map<String, Op> OPS =
      Map.of(
          "COMPARE_EQUAL", Op.EQUAL,
          "COMPARE_LESSTHAN", Op.LESS,
          "COMPARE_LESSTHANOREQUALTO", Op.LESS_OR_EQUAL,
          "COMPARE_GREATERTHAN", Op.GREATER,
          "COMPARE_GREATERTHANOREQUALTO", Op.GREATER_OR_EQUAL);

  /** The comparison, if the expression is one. */
  static Optional<ColumnComparison> read(JsonNode node) {
    String type = node.path("type").asText();
    return switch (node.path("class").asText()) {
      case "COMPARISON" -> comparison(node, Optional.ofNullable(OPS.get(type)));
      case "BETWEEN" ->
          type.equals("COMPARE_BETWEEN")
              ? condition(
                  node.path("input"), Op.BETWEEN, List.of(node.path("lower"), node.path("upper")))
              : Optional.empty();
      case "OPERATOR" -> type.equals("COMPARE_IN") ? in(node.path("children")) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnComparison> comparison(JsonNode node, Optional<Op> op) {
    if (op.isEmpty()) {
      return Optional.empty();
    }
    JsonNode left = node.path("left");
    JsonNode right = node.path("right");
    return condition(left, op.get(), List.of(right))
        .or(() -> condition(right, swapped(op.get()), List.of(left)));
  }

  private static Op swapped(Op op) {
    return switch (op) {
      case LESS -> Op.GREATER;
      case LESS_OR_EQUAL -> Op.GREATER_OR_EQUAL;
      case GREATER -> Op.LESS;
      case GREATER_OR_EQUAL -> Op.LESS_OR_EQUAL;
      case EQUAL, BETWEEN, IN -> op;
    };
  }

  private static Optional<ColumnComparison> in(JsonNode children) {
    List<JsonNode> values = new ArrayList<>();
    children.forEach(values::add);
    return values.size() < 2
        ? Optional.empty()
        : condition(values.get(0), Op.IN, values.subList(1, values.size()));
  }

  private static Optional<ColumnComparison> condition(
      JsonNode column, Op op, List<JsonNode> values) {
    List<String> members = new ArrayList<>();
    List<String> reference = reference(column, members);
    List<Object> constants = new ArrayList<>();
    for (JsonNode value : values) {
      ConstantReader.read(value).ifPresent(constants::add);
    }
    // Constants of several types are cast to one of them: which one, only the engine knows.
    boolean oneType = constants.stream().map(Object::getClass).distinct().count() == 1;
    return reference.isEmpty() || constants.size() != values.size() || !oneType
        ? Optional.empty()
        : Optional.of(new ColumnComparison(reference, members, op, constants));
  }

  /** {@code a.b}, {@code a['b']} and {@code (a).b} alike; empty for any other expression. */
  private static List<String> reference(JsonNode node, List<String> members) {
    List<String> parts = new ArrayList<>();
    String type = node.path("type").asText();
    if (type.equals("COLUMN_REF")) {
      node.path("column_names").forEach(part -> parts.add(part.asText()));
    } else if (type.equals("ARRAY_EXTRACT") || type.equals("STRUCT_EXTRACT")) {
      JsonNode key = node.path("children").path(1).path("literal");
      if (key.path("kind").asText().equals("STRING")) {
        parts.addAll(reference(node.path("children").path(0), members));
        members.add(key.path("text").asText());
      }
    }
    return parts;
  }

  /** The condition on a column whose name is the reference without its first parts. */
  Condition without(int parts) {
    List<String> column = new ArrayList<>(reference.subList(parts, reference.size()));
    column.addAll(members);
    return new Condition(column, op, constants);
  }
}
