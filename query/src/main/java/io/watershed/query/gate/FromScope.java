package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.cut.condition.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in one FROM, and of which of it a condition above surely drops rows before anything
 * else sees them.
 */
final class FromScope {
  private static final Set<String> PLAIN_JOINS = Set.of("REGULAR", "CROSS", "NATURAL");
  private static final Set<String> LEFT_DRIVEN = Set.of("LEFT", "SEMI", "ANTI");

  private final List<Item> items;
  private final List<InnerJoin> innerJoins;

  private FromScope(List<Item> items, List<InnerJoin> innerJoins) {
    this.items = items;
    this.innerJoins = innerJoins;
  }

  /**
   * One item of a FROM.
   *
   * @param node where it stands in the syntax tree
   * @param name the name by which columns are qualified, folded
   * @param limitable whether it is a table, and a condition on its columns drops its rows
   */
  record Item(JsonNode node, String name, boolean limitable) {}

  /**
   * An inner join's ON.
   *
   * @param scope what it joins, seen from the condition
   */
  record InnerJoin(JsonNode condition, FromScope scope) {}

  /** Reads a {@code from_table} of the syntax tree. */
  static FromScope of(JsonNode from) {
    List<Item> items = new ArrayList<>();
    List<InnerJoin> joins = new ArrayList<>();
    collect(from, true, items, joins);
    return new FromScope(items, joins);
  }

  /** Joins whose conditions limit both their sides. */
  List<InnerJoin> innerJoins() {
    return innerJoins;
  }

  /** The only item of this name. */
  Optional<Item> named(String folded) {
    List<Item> same = items.stream().filter(item -> item.name().equals(folded)).toList();
    return same.size() == 1 ? Optional.of(same.get(0)) : Optional.empty();
  }

  /** The item, if there is one alone: names of columns need no table then. */
  Optional<Item> only() {
    return items.size() == 1 ? Optional.of(items.get(0)) : Optional.empty();
  }

  private static void collect(
      JsonNode node, boolean reached, List<Item> items, List<InnerJoin> joins) {
    if (!node.path("type").asText().equals("JOIN")) {
      items.add(item(node, reached));
      return;
    }
    String type = node.path("join_type").asText();
    boolean plain =
        PLAIN_JOINS.contains(node.path("ref_type").asText())
            && ConditionWalk.isAbsent(node.path("sample"));
    boolean inner = plain && type.equals("INNER");
    boolean left = inner || (plain && LEFT_DRIVEN.contains(type));
    boolean right = inner || (plain && type.equals("RIGHT"));
    if (inner && !ConditionWalk.isAbsent(node.path("condition"))) {
      List<Item> joined = new ArrayList<>();
      collect(node.path("left"), true, joined, new ArrayList<>());
      collect(node.path("right"), true, joined, new ArrayList<>());
      joins.add(new InnerJoin(node.path("condition"), new FromScope(joined, List.of())));
    }
    collect(node.path("left"), reached && left, items, joins);
    collect(node.path("right"), reached && right, items, joins);
  }

  private static Item item(JsonNode node, boolean reached) {
    boolean plainTable =
        node.path("type").asText().equals("BASE_TABLE")
            && node.path("column_name_alias").isEmpty()
            && ConditionWalk.isAbsent(node.path("sample"));
    String alias = node.path("alias").asText();
    String name = alias.isEmpty() ? node.path("table_name").asText() : alias;
    return new Item(node, SqlNames.folded(name), reached && plainTable);
  }
}
