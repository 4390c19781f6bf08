package io.watershed.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.core.error.WatershedException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Walks the syntax tree of one statement, as {@code json_serialize_sql} prints it, and refuses
 * every node that is not on a list. Visits each JSON object wherever it hangs, so that nothing is
 * missed because a new version moved it.
 */
final class SelectWalk {
  /** More joins than anybody writes; native code recurses over them. */
  private static final int MAX_TABLES = 100;

  /** Longest text that the functions that repeat or pad may be asked for, in characters. */
  private static final long MAX_REPEAT = 1_000_000;

  private static final Set<String> NODES =
      Set.of(
          "SELECT_NODE",
          "SET_OPERATION_NODE",
          "RECURSIVE_CTE_NODE",
          "CTE_NODE",
          "BASE_TABLE",
          "SUBQUERY",
          "JOIN",
          "TABLE_FUNCTION",
          "EMPTY",
          "EXPRESSION_LIST",
          "SHOW_REF",
          "PIVOT",
          "ORDER_MODIFIER",
          "LIMIT_MODIFIER",
          "LIMIT_PERCENT_MODIFIER",
          "DISTINCT_MODIFIER",
          "ORDER_DEFAULT",
          "ASCENDING",
          "DESCENDING");

  private static final Set<String> EXPRESSIONS =
      Set.of(
          "BETWEEN",
          "CASE",
          "CAST",
          "COLLATE",
          "COLUMN_REF",
          "COMPARISON",
          "CONJUNCTION",
          "CONSTANT",
          "FUNCTION",
          "LAMBDA",
          "LAMBDA_REF",
          "OPERATOR",
          "POSITIONAL_REFERENCE",
          "STAR",
          "SUBQUERY",
          "TYPE",
          "WINDOW");

  /** Not functions of the catalog, but syntax that the parser prints as such. */
  private static final Set<String> SYNTAX_FUNCTIONS = Set.of("unnest", "grouping", "coalesce");

  /** Names that mean a function where no column has them, without brackets and without warning. */
  private static final Set<String> VALUE_NAMES =
      Set.of("current_catalog", "current_role", "current_schema", "current_user", "session_user");

  private static final Set<String> REPEATING = Set.of("repeat", "lpad", "rpad");
  private static final Set<String> FORMATTING = Set.of("format", "printf");
  private static final Pattern WIDE_FORMAT = Pattern.compile("\\d{5}|\\*|\\{[^}]*\\{");
  private static final Pattern CTE_NAME = Pattern.compile("[\\p{L}\\p{N}_ -]+");

  /** Names of DuckDB's own views: a CTE of that name in another scope would let them pass. */
  private static final Pattern CATALOG_NAME = Pattern.compile("(duckdb|sqlite|pragma|pg)_.*");

  private final Set<String> cteNames = new HashSet<>();
  private final Set<TableName> named = new LinkedHashSet<>();
  private final Set<String> columns = new HashSet<>();
  private final Set<String> relationNames = new HashSet<>();

  /** Last parts of the names of columns: alone, a relation's name stands for its whole row. */
  private final Set<String> lastParts = new HashSet<>();

  /** Names whose rows may be a stream's: a subquery has no columns but those that it names. */
  private final Set<String> rows = new HashSet<>();

  private boolean star;
  private int tableCount;

  /** Checks the statement and collects the names in it. */
  GatedSelect walk(String sql, JsonNode statement) {
    if (!statement.path("named_param_map").isEmpty()) {
      throw Refusal.of(
          "the statement has parameters",
          "Write the values into the statement: there is nobody to supply them.");
    }
    visit(statement.path("node"));
    boolean everyColumn = star || lastParts.stream().anyMatch(rows::contains);
    return new GatedSelect(
        sql,
        named,
        cteNames,
        everyColumn ? Optional.empty() : Optional.of(columns),
        new ConditionWalk(relationNames).walk(statement.path("node")));
  }

  private void visit(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::visit);
    } else if (node.isObject()) {
      check(node);
      node.forEach(this::visit);
    }
  }

  private void check(JsonNode node) {
    if (node.has("cte_map")) {
      node.path("cte_map").path("map").forEach(cte -> defineCte(cte.path("key").asText()));
    }
    noteColumns(node);
    String kind = node.path("class").asText();
    String type = node.path("type").asText();
    if (!kind.isEmpty()) {
      checkExpression(kind, type, node);
    } else if (!type.isEmpty()) {
      checkNode(type, node);
    }
  }

  /** Which columns the statement may read. */
  private void noteColumns(JsonNode node) {
    JsonNode parts = node.path("column_names");
    parts.forEach(name -> columns.add(folded(name.asText())));
    if (!parts.isEmpty()) {
      lastParts.add(folded(parts.get(parts.size() - 1).asText()));
    }
    node.path("using_columns").forEach(name -> columns.add(folded(name.asText())));
    String type = node.path("type").asText();
    star |= type.equals("STAR") || type.equals("PIVOT");
    star |= node.path("ref_type").asText().equals("NATURAL");
    if (!node.has("class") && !node.path("alias").asText().isEmpty()) {
      relationNames.add(folded(node.path("alias").asText()));
      if (!type.equals("SUBQUERY")) {
        rows.add(folded(node.path("alias").asText()));
      }
    }
    if (type.equals("BASE_TABLE")) {
      relationNames.add(folded(node.path("table_name").asText()));
      rows.add(folded(node.path("table_name").asText()));
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void defineCte(String name) {
    if (!CTE_NAME.matcher(name).matches()) {
      throw Refusal.of(
          "the WITH name " + Refusal.quote(name) + " could be mistaken for a file",
          "Use letters, digits and underscores.");
    }
    if (CATALOG_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
      throw Refusal.of(
          "the WITH name " + Refusal.quote(name) + " is one of the engine's own", "Rename it.");
    }
    cteNames.add(name.toLowerCase(Locale.ROOT));
  }

  private void checkNode(String type, JsonNode node) {
    if (!NODES.contains(type) && !node.has("query_location") && isOrderDirection(node)) {
      return;
    }
    if (!NODES.contains(type)) {
      throw notASelect(type);
    }
    switch (type) {
      case "BASE_TABLE" -> checkTable(node);
      case "TABLE_FUNCTION" -> checkTableFunction(node.path("function"));
      case "SHOW_REF" -> checkDescribe(node);
      case "SUBQUERY", "EXPRESSION_LIST" -> countTable();
      default -> {}
    }
  }

  private static boolean isOrderDirection(JsonNode node) {
    return node.has("null_order");
  }

  private static WatershedException notASelect(String type) {
    String what = type.toLowerCase(Locale.ROOT).replace("_query_node", "").replace('_', ' ');
    return Refusal.of(
        Refusal.quote(what) + " is not allowed in a statement",
        "One SELECT reads the view; nothing is written and no settings are changed.");
  }

  private void countTable() {
    if (++tableCount > MAX_TABLES) {
      throw Refusal.of(
          "the statement names more than " + MAX_TABLES + " tables",
          "Split it into several statements.");
    }
  }

  private void checkTable(JsonNode node) {
    countTable();
    if (!node.path("at_clause").isNull() && !node.path("at_clause").isMissingNode()) {
      throw Refusal.of("AT (...) is not supported", "Use --as-of with a receipt.");
    }
    JsonNode path = node.path("qualified_name").path("path");
    int parts = path.size();
    if (parts == 0 || parts > 2 || !node.path("catalog_name").asText().isEmpty()) {
      throw Refusal.of(
          "the table name " + Refusal.quote(path.toString()) + " has too many parts",
          "Tables are named by their stream, or as watershed.<table>.");
    }
    named.add(TableName.of(node));
  }

  private void checkTableFunction(JsonNode function) {
    countTable();
    String name = functionName(function);
    if (!FunctionList.TABLE_FUNCTIONS.contains(name)) {
      throw Refusal.of(
          "the table function " + Refusal.quote(name) + " is not allowed",
          "A statement reads streams by their names, not files. Allowed are: "
              + String.join(", ", FunctionList.TABLE_FUNCTIONS.stream().sorted().toList())
              + ".");
    }
  }

  private static void checkDescribe(JsonNode node) {
    if (!node.path("query").isObject()) {
      throw Refusal.of(
          "SHOW is not allowed",
          "DESCRIBE <stream> lists columns; watershed.shards lists streams.");
    }
  }

  private void checkExpression(String kind, String type, JsonNode node) {
    if (!EXPRESSIONS.contains(kind)) {
      throw notASelect(kind);
    }
    switch (kind) {
      case "FUNCTION" -> checkFunction(node);
      case "WINDOW" -> {
        if (type.equals("WINDOW_AGGREGATE")) {
          checkFunction(node);
        }
      }
      case "COLUMN_REF" -> checkColumn(node.path("column_names"));
      case "TYPE" -> checkType(node);
      case "SUBQUERY" -> countTable();
      default -> {}
    }
  }

  private static void checkColumn(JsonNode names) {
    if (names.size() == 1 && VALUE_NAMES.contains(folded(names.path(0).asText()))) {
      throw Refusal.of(
          Refusal.quote(names.path(0).asText()) + " is a function of the engine",
          "If it is a column, put its table's name in front: orders.current_user.");
    }
  }

  private static void checkType(JsonNode node) {
    if (node.path("type_name").asText().equalsIgnoreCase("VARIANT")) {
      throw Refusal.of(
          "the type VARIANT is not allowed",
          "Deeply nested values crash it. Use JSON functions on text instead.");
    }
  }

  private static String functionName(JsonNode node) {
    JsonNode path = node.path("qualified_name").path("path");
    if (path.size() > 1
        || !node.path("schema").asText().isEmpty()
        || !node.path("catalog").asText().isEmpty()) {
      throw Refusal.of(
          "the function name " + Refusal.quote(path.toString()) + " is qualified",
          "Write the function's name alone.");
    }
    return node.path("function_name").asText().toLowerCase(Locale.ROOT);
  }

  private static void checkFunction(JsonNode node) {
    String name = functionName(node);
    boolean allowed = FunctionList.ALLOWED.contains(name) || SYNTAX_FUNCTIONS.contains(name);
    if (!allowed && !FunctionList.TABLE_FUNCTIONS.contains(name)) {
      throw Refusal.of(
          "the function " + Refusal.quote(name) + " is unknown or not allowed",
          "A statement may compute over the view, but not reach files, settings or the network.");
    }
    if (REPEATING.contains(name)) {
      checkRepeat(name, node.path("arguments").path(1).path("expression"), node);
    }
    if (FORMATTING.contains(name)) {
      checkFormat(name, node.path("arguments").path(0).path("expression"));
    }
  }

  /** DuckDB's memory limit does not hold for the text that these make, so their size is bounded. */
  private static void checkRepeat(String name, JsonNode count, JsonNode node) {
    JsonNode literal = count.path("literal");
    boolean bounded =
        literal.path("kind").asText().equals("INTEGER")
            && literal.path("text").asText().length() <= 7
            && Long.parseLong(literal.path("text").asText()) <= MAX_REPEAT;
    JsonNode repeated = node.path("arguments").path(0).path("expression");
    if (!bounded || repeated.toString().contains("\"class\":\"FUNCTION\"")) {
      throw Refusal.of(
          name + " takes a column or a text, and a number up to " + MAX_REPEAT + " written out",
          "Memory for its result is not bounded by the engine.");
    }
  }

  private static void checkFormat(String name, JsonNode pattern) {
    JsonNode literal = pattern.path("literal");
    if (!literal.path("kind").asText().equals("STRING")
        || WIDE_FORMAT.matcher(literal.path("text").asText()).find()) {
      throw Refusal.of(
          name + " takes a pattern that is written out, with widths below 10000",
          "Memory for its result is not bounded by the engine.");
    }
  }
}
