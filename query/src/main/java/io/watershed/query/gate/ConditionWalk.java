package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Conditions;
import io.watershed.cut.condition.SqlNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what surely limits each reference of a table in a statement that passed the gate: the
 * conditions that a WHERE, or the ON of an inner join, puts on a table that stands directly in the
 * FROM of the same SELECT. A condition is never carried into a subquery or a WITH. Whatever is not
 * understood limits nothing, and a reference in an unknown place needs every row.
 */
final class ConditionWalk {
  /** Qualifiers that are no table: what follows them may be one. */
  private static final Set<String> SCHEMAS =
      Set.of("main", "memory", "temp", "system", "watershed");

  private final Set<String> relationNames;
  private final IdentityHashMap<JsonNode, List<Condition>> limits = new IdentityHashMap<>();
  private final Map<TableName, Conditions> found = new LinkedHashMap<>();

  /**
   * @param relationNames every name or alias of a table or subquery in the statement, in lower case
   */
  ConditionWalk(Set<String> relationNames) {
    this.relationNames = relationNames;
  }

  /** Conditions for each table name of the statement, as it is written there. */
  Map<TableName, Conditions> walk(JsonNode statement) {
    visit(statement);
    return found;
  }

  private void visit(JsonNode node) {
    String type = node.path("type").asText();
    if (type.equals("SELECT_NODE")) {
      limit(node);
    }
    if (type.equals("BASE_TABLE")) {
      Conditions here = new Conditions(List.of(limits.getOrDefault(node, List.of())));
      found.merge(TableName.of(node), here, Conditions::or);
    }
    node.forEach(this::visit);
  }

  private void limit(JsonNode select) {
    FromScope scope = FromScope.of(select.path("from_table"));
    Set<String> aliases = new HashSet<>();
    select
        .path("select_list")
        .forEach(item -> aliases.add(SqlNames.folded(item.path("alias").asText())));
    if (isAbsent(select.path("sample"))) {
      for (ColumnComparison condition : conjuncts(select.path("where_clause"))) {
        assign(condition, scope, aliases);
      }
    }
    for (FromScope.InnerJoin join : scope.innerJoins()) {
      for (ColumnComparison condition : conjuncts(join.condition())) {
        assign(condition, join.scope(), aliases);
      }
    }
  }

  static boolean isAbsent(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  private static List<ColumnComparison> conjuncts(JsonNode expression) {
    List<ColumnComparison> all = new ArrayList<>();
    if (expression.path("type").asText().equals("CONJUNCTION_AND")) {
      expression.path("children").forEach(child -> all.addAll(conjuncts(child)));
    } else {
      ColumnComparison.read(expression).ifPresent(all::add);
    }
    return all;
  }

  private void assign(ColumnComparison condition, FromScope scope, Set<String> aliases) {
    List<String> name = condition.reference();
    String first = SqlNames.folded(name.get(0));
    Optional<FromScope.Item> qualified = scope.named(first);
    if (name.size() > 1 && qualified.isPresent()) {
      add(qualified.get(), condition.without(1));
      return;
    }
    // Else the first part is a column, unless it is something that has the same name.
    boolean ambiguous =
        relationNames.contains(name.get(0).toLowerCase(Locale.ROOT))
            || aliases.contains(first)
            || SCHEMAS.contains(first);
    if (!ambiguous) {
      scope.only().ifPresent(item -> add(item, condition.without(0)));
    }
  }

  private void add(FromScope.Item item, Condition condition) {
    if (item.limitable()) {
      limits.computeIfAbsent(item.node(), node -> new ArrayList<>()).add(condition);
    }
  }
}
