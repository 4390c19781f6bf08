package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SqlSettings;
import io.watershed.cut.condition.Condition;
import io.watershed.duckdb.SqlText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Statements at random: over the whole tables, and over tables without the rows that the conditions
 * rule out, they answer the same. More statements: {@code -Dwatershed.statements=100000}.
 */
class ConditionsPropertyTest {
  private static final int STATEMENTS = Integer.getInteger("watershed.statements", 300);
  private static final Set<String> COLUMNS = Set.of("id", "amount", "status", "t", "customer");
  private static final String ROWS =
      "SELECT i AS id, (i * 7 %% 11) AS amount, 's' || (i %% 3) AS status,"
          + " make_timestamptz(1767225600000000 + i * 3600000000) AS t, {'city': 'c' || (i %% 4),"
          + " 'id': i %% 5} AS customer FROM range(%d) r(i)";

  @Test
  void rowsThatTheConditionsRuleOutAreNotNeeded() throws Exception {
    SplittableRandom random = new SplittableRandom(4);
    int limited = 0;
    int answered = 0;
    try (SqlGate gate = SqlGate.open(SqlSettings.DEFAULTS);
        Connection whole = database()) {
      for (int i = 0; i < STATEMENTS; i++) {
        String sql = new Statements(random).select(2);
        GatedSelect select = gate.check(sql);
        List<String> expected = answer(whole, sql);
        if (expected == null) {
          continue; // an ambiguous name, or one that is not there
        }
        answered++;
        String orders = needed(select, "orders");
        String clicks = needed(select, "clicks");
        if (orders.equals("true") && clicks.equals("true")) {
          continue;
        }
        limited++;
        whole.setAutoCommit(false);
        delete(whole, "orders", orders);
        delete(whole, "clicks", clicks);
        assertThat(answer(whole, sql)).as(sql).isEqualTo(expected);
        whole.rollback();
        whole.setAutoCommit(true);
      }
    }
    assertThat(answered).isGreaterThan(STATEMENTS / 2);
    assertThat(limited).isGreaterThan(STATEMENTS / 10);
  }

  private static Connection database() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET threads = 1");
      String select = "CREATE TABLE %s AS %s";
      statement.execute(select.formatted("orders", ROWS.formatted(30)));
      statement.execute(select.formatted("clicks", ROWS.formatted(8)));
    }
    return connection;
  }

  private static void delete(Connection connection, String table, String needed)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + table + " WHERE (" + needed + ") IS NOT TRUE");
    }
  }

  /** Rows in order of their text; null if the statement is no good. */
  private static List<String> answer(Connection connection, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> answer = new ArrayList<>();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append(rows.getString(i)).append('|');
        }
        answer.add(row.toString());
      }
      answer.sort(null);
      return answer;
    } catch (SQLException e) {
      return null;
    }
  }

  private static String needed(GatedSelect select, String table) {
    TableName name = new TableName("", table);
    if (!select.tables().contains(name)) {
      return "true";
    }
    return select.conditions(name).references().stream()
        .map(
            all ->
                all.stream()
                    .map(ConditionsPropertyTest::sql)
                    .reduce("true", (a, b) -> a.equals("true") ? b : a + " AND " + b))
        .reduce((a, b) -> a.equals("true") || b.equals("true") ? "true" : a + " OR " + b)
        .orElseThrow();
  }

  private static String sql(Condition condition) {
    if (!COLUMNS.contains(condition.column().get(0))) {
      return "true"; // as every user of conditions does it
    }
    String column = condition.column().stream().map(SqlText::name).collect(Collectors.joining("."));
    List<String> values =
        condition.constants().stream().map(ConditionsPropertyTest::literal).toList();
    return switch (condition.op()) {
      case EQUAL -> column + " = " + values.get(0);
      case LESS -> column + " < " + values.get(0);
      case LESS_OR_EQUAL -> column + " <= " + values.get(0);
      case GREATER -> column + " > " + values.get(0);
      case GREATER_OR_EQUAL -> column + " >= " + values.get(0);
      case BETWEEN -> column + " BETWEEN " + values.get(0) + " AND " + values.get(1);
      case IN -> column + " IN (" + String.join(", ", values) + ")";
    };
  }

  private static String literal(Object constant) {
    if (constant instanceof Instant instant) {
      return "TIMESTAMPTZ " + SqlText.literal(instant.toString());
    }
    return constant instanceof String text ? SqlText.literal(text) : constant.toString();
  }

  /** Makes statements over orders and clicks; some of them are not valid. */
  private static final class Statements {
    private static final String[] COLUMNS = {
      "id", "amount", "status", "t", "customer.city", "customer.id", "customer['id']"
    };
    private static final String[] JOINS = {
      " JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " SEMI JOIN ", " ANTI JOIN "
    };
    private final SplittableRandom random;
    private int names;

    Statements(SplittableRandom random) {
      this.random = random;
    }

    private String any(String... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    String select(int depth) {
      if (depth > 0 && chance(10)) {
        return plain(depth - 1) + any(" UNION ALL ", " UNION ", " EXCEPT ") + plain(depth - 1);
      }
      if (depth > 0 && chance(15)) {
        String name = any("w", "w", "orders");
        return "WITH "
            + name
            + " AS ("
            + select(depth - 1)
            + ") SELECT count(*), 0 FROM "
            + name
            + (chance(50) ? ", " + name + " AS again" : "")
            + where(List.of(""), depth);
      }
      return plain(depth);
    }

    private String plain(int depth) {
      List<String> scope = new ArrayList<>();
      String from = from(depth, scope);
      List<String> qualifiers =
          scope.size() == 1
              ? List.of("", scope.get(0) + ".")
              : scope.stream().map(s -> s + ".").toList();
      String first = qualifiers.get(0);
      String where = where(qualifiers, depth);
      return switch (random.nextInt(7)) {
        case 0 -> "SELECT count(*), sum(" + first + "amount) FROM " + from + where;
        case 1 -> "SELECT " + first + "amount AS id, " + first + "t FROM " + from + where;
        case 2 ->
            "SELECT "
                + first
                + "status, count(*) FROM "
                + from
                + where
                + " GROUP BY 1 HAVING status = 's1'";
        case 3 ->
            "SELECT "
                + first
                + "id, row_number() OVER (PARTITION BY "
                + first
                + "status ORDER BY "
                + first
                + "id) AS amount FROM "
                + from
                + where
                + " QUALIFY amount < 3";
        case 4 -> "SELECT max(" + first + "id), (SELECT count(*) FROM clicks) FROM " + from + where;
        case 5 ->
            "SELECT DISTINCT " + first + "status, " + first + "customer.city FROM " + from + where;
        default -> "SELECT " + first + "id, " + first + "amount FROM " + from + where;
      };
    }

    private String from(int depth, List<String> scope) {
      String left = item(depth, scope);
      if (depth == 0 || chance(55)) {
        return left;
      }
      String leftName = scope.get(scope.size() - 1);
      String right = item(depth, scope);
      String rightName = scope.get(scope.size() - 1);
      if (chance(20)) {
        return left + ", " + right;
      }
      if (chance(8)) {
        return left + " POSITIONAL JOIN " + right;
      }
      if (chance(8)) {
        return left + " ASOF JOIN " + right + " ON " + leftName + ".t >= " + rightName + ".t";
      }
      return left
          + any(JOINS)
          + right
          + " ON "
          + leftName
          + ".id = "
          + rightName
          + ".id"
          + (chance(40) ? " AND " + comparison(any(leftName + ".", rightName + ".")) : "");
    }

    private String item(int depth, List<String> scope) {
      String table = any("orders", "orders", "clicks");
      if (depth > 0 && chance(20)) {
        String name = "q" + names++;
        scope.add(name);
        return (chance(30) ? "LATERAL " : "")
            + "(SELECT * FROM "
            + table
            + where(List.of("", table + "."), depth - 1)
            + ") AS "
            + name;
      }
      if (chance(40)) {
        String name = any("customer", "x" + names++);
        scope.add(name);
        return table + " AS " + name + (chance(15) ? "(amount, id)" : "");
      }
      scope.add(table);
      return table;
    }

    private String where(List<String> qualifiers, int depth) {
      return chance(20) ? "" : " WHERE " + predicate(qualifiers, 2, depth);
    }

    private String predicate(List<String> qualifiers, int size, int depth) {
      if (size > 0 && chance(60)) {
        return "("
            + predicate(qualifiers, size - 1, depth)
            + any(" AND ", " AND ", " AND ", " OR ")
            + predicate(qualifiers, size - 1, depth)
            + ")";
      }
      if (chance(6)) {
        return "NOT " + predicate(qualifiers, 0, depth);
      }
      String qualifier = any(qualifiers.toArray(String[]::new));
      if (depth > 0 && chance(12)) {
        String inner = any("orders", "clicks");
        return any("EXISTS", "NOT EXISTS")
            + " (SELECT 1 FROM "
            + inner
            + " AS i WHERE i.amount = "
            + qualifier
            + "amount AND "
            + predicate(List.of("", "i.", qualifier), 1, depth - 1)
            + ")";
      }
      return comparison(qualifier);
    }

    private String comparison(String qualifier) {
      String column = any(COLUMNS);
      boolean number = column.endsWith("id") || column.equals("amount") || column.endsWith("]");
      String name = qualifier + column;
      if (number) {
        int n = random.nextInt(-1, 14);
        return switch (random.nextInt(5)) {
          case 0 -> name + " IN (" + n + ", " + (n + 2) + ")";
          case 1 -> name + " BETWEEN " + (n - 2) + ".5 AND " + (n + 2);
          case 2 -> n + any(" < ", " >= ", " = ") + name;
          default -> name + any(" < ", " <= ", " > ", " >= ", " = ", " <> ") + n;
        };
      }
      if (column.equals("t")) {
        String time = "2026-01-01 " + "%02d".formatted(random.nextInt(24)) + ":00:00";
        return name
            + any(" < ", " <= ", " > ", " >= ")
            + any(
                "TIMESTAMP '" + time + "'",
                "'" + time + "'",
                "'" + time + "+02'::timestamptz",
                "DATE '2026-01-02'");
      }
      String text = column.equals("status") ? "s" : "c";
      return name + any(" = ", " >= ", " < ", " <> ") + "'" + text + random.nextInt(4) + "'";
    }
  }
}
