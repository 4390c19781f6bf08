package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SqlSettings;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import io.watershed.cut.condition.Conditions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static SqlGate gate;

  @BeforeAll
  static void open() {
    gate = SqlGate.open(SqlSettings.DEFAULTS);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  private static List<List<Condition>> orders(String sql) {
    return gate.check(sql).conditions(new TableName("", "orders")).references();
  }

  private static Condition condition(String column, Op op, Object... constants) {
    return new Condition(List.of(column.split("\\.")), op, List.of(constants));
  }

  @Test
  void comparisonsOfAColumnWithConstantsAreConditions() {
    assertThat(
            orders(
                "SELECT count(*) FROM orders WHERE _shard_id = 'a' AND (7 < id AND amount <= 2.5)"
                    + " AND customer.city IN ('x', 'y') AND customer['n'] > -3"
                    + " AND id BETWEEN 1 AND 5::BIGINT AND upper(status) = 'NEW'"))
        .containsExactly(
            List.of(
                condition("_shard_id", Op.EQUAL, "a"),
                condition("id", Op.GREATER, new BigDecimal(7)),
                condition("amount", Op.LESS_OR_EQUAL, new BigDecimal("2.5")),
                condition("customer.city", Op.IN, "x", "y"),
                condition("customer.n", Op.GREATER, new BigDecimal(-3)),
                condition("id", Op.BETWEEN, new BigDecimal(1), new BigDecimal(5))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TIMESTAMP '2026-01-01'",
        "TIMESTAMP '2026-01-01 00:00:00'",
        "TIMESTAMPTZ '2026-01-01T01:00:00+01:00'",
        "'2026-01-01 00:00Z'::timestamptz",
        "CAST('2026-01-01T00:00:00.000000Z' AS TIMESTAMP WITH TIME ZONE)",
        "DATE '2026-01-01'"
      })
  void timesAreInstants(String constant) {
    assertThat(orders("FROM orders WHERE _arrival_time >= " + constant))
        .containsExactly(List.of(condition("_arrival_time", Op.GREATER_OR_EQUAL, NEW_YEAR)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM orders WHERE id = 1 OR id = 2",
        "FROM orders WHERE NOT id = 1",
        "FROM orders WHERE id <> 1",
        "FROM orders WHERE id = NULL",
        "FROM orders WHERE id IN (1, NULL)",
        "FROM orders WHERE id IN (1, 'a')",
        "FROM orders WHERE id NOT IN (1, 2)",
        "FROM orders WHERE id NOT BETWEEN 1 AND 2",
        "FROM orders WHERE id = other",
        "FROM orders WHERE id + 1 = 2",
        "FROM orders WHERE id::VARCHAR = '2'",
        "FROM orders WHERE id IS NOT DISTINCT FROM 2",
        "FROM orders WHERE status COLLATE NOCASE = 'a'",
        "FROM orders WHERE id = '1'::INTEGER",
        "FROM orders WHERE status = 'abc'::VARCHAR(1)",
        "FROM orders WHERE t > '2026-01-01 00:00:00+01:00'::TIMESTAMP",
        "FROM orders WHERE t > TRY_CAST('2026-01-01' AS TIMESTAMP)",
        "FROM orders WHERE t > TIMESTAMP '2026-02-30'",
        "FROM orders WHERE t > TIMESTAMP '2026-01-01 00:00:00.1234567'",
        // Names that may mean something else.
        "SELECT 1 AS id FROM orders WHERE id = 1",
        "SELECT * FROM orders AS o(id, amount) WHERE id = 1",
        "SELECT * FROM orders, clicks WHERE id = 1",
        "SELECT * FROM orders JOIN clicks ON id = 1",
        "SELECT * FROM orders o WHERE orders.id = 1",
        "SELECT * FROM clicks, LATERAL (SELECT * FROM orders WHERE clicks.id = 1)",
        // The condition holds after something else has looked at the rows.
        "SELECT * FROM (SELECT * FROM orders) WHERE id = 1",
        "SELECT * FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM orders) WHERE id = 1",
        "WITH o AS (SELECT * FROM orders) SELECT * FROM o WHERE id = 1",
        "SELECT id, count(*) FROM orders GROUP BY id HAVING id = 1",
        "SELECT id FROM orders QUALIFY id = 1",
        "SELECT * FROM orders TABLESAMPLE reservoir(10 ROWS) WHERE id = 1",
        "SELECT * FROM orders WHERE id = 1 USING SAMPLE 10 ROWS",
        "SELECT * FROM clicks c LEFT JOIN orders o ON c.id = o.id WHERE o.id = 1",
        "SELECT * FROM clicks c FULL JOIN orders o ON c.id = o.id WHERE o.id = 1",
        "SELECT * FROM orders o LEFT JOIN clicks c ON o.id = 1",
        "SELECT * FROM orders o RIGHT JOIN clicks c ON o.id = c.id WHERE o.id = 1",
        "SELECT * FROM orders o ANTI JOIN clicks c ON o.id = 1",
        "SELECT * FROM orders o POSITIONAL JOIN clicks c WHERE o.id = 1",
        "SELECT * FROM clicks c ASOF JOIN orders o ON c.t >= o.t WHERE o.id = 1",
        "SELECT (SELECT count(*) FROM orders) FROM clicks WHERE id = 1",
        "FROM (PIVOT orders ON id IN (1, 2) USING count(*)) WHERE id = 1",
        "SUMMARIZE orders",
      })
  void whatIsNotSureLimitsNothing(String sql) {
    assertThat(gate.check(sql).conditions(new TableName("", "orders")).isUnlimited()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM orders WHERE id = 1 ORDER BY id LIMIT 3",
        "SELECT * FROM orders WHERE ORDERS.id = 1",
        "SELECT * FROM (SELECT * FROM orders WHERE id = 1)",
        "WITH o AS (SELECT * FROM orders WHERE id = 1) SELECT * FROM o a, o b",
        "SELECT * FROM orders o, clicks c WHERE o.id = 1 AND o.id = c.id",
        "SELECT * FROM orders o JOIN clicks c ON o.id = 1 AND o.id = c.id",
        "SELECT * FROM orders o JOIN clicks c USING (id) WHERE o.id = 1",
        "SELECT * FROM orders o LEFT JOIN clicks c ON o.id = c.id WHERE o.id = 1",
        "SELECT * FROM clicks c RIGHT JOIN orders o ON o.id = c.id WHERE o.id = 1",
        "SELECT * FROM orders o SEMI JOIN clicks c ON o.id = c.id WHERE o.id = 1",
        "SELECT * FROM clicks WHERE EXISTS (FROM orders WHERE id = 1 AND orders.t = clicks.t)",
        "SELECT id, row_number() OVER (ORDER BY t) FROM orders WHERE id = 1",
        "SELECT id FROM orders WHERE id = 1 GROUP BY id HAVING count(*) > 2",
        "DESCRIBE SELECT * FROM orders WHERE id = 1",
      })
  void whereTheTableStandsTheConditionHolds(String sql) {
    assertThat(orders(sql)).containsExactly(List.of(condition("id", Op.EQUAL, BigDecimal.ONE)));
  }

  @Test
  void everyReferenceHasItsOwnConditions() {
    assertThat(orders("FROM orders WHERE id = 1 UNION ALL FROM orders WHERE id = 2"))
        .containsExactly(
            List.of(condition("id", Op.EQUAL, BigDecimal.ONE)),
            List.of(condition("id", Op.EQUAL, new BigDecimal(2))));
    Conditions half =
        gate.check("SELECT (SELECT max(id) FROM orders) FROM orders WHERE id = 1")
            .conditions(new TableName("", "orders"));
    assertThat(half.references()).hasSize(2);
    assertThat(half.isUnlimited()).isTrue();
  }
}
