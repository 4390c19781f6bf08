package io.watershed.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A statement that is measured. Its answer is one row that does not depend on the order of
 * additions, so that the engines' answers can be compared.
 *
 * @param name what it is
 * @param sql with {@code ${t}} for the table
 * @param rounds how often it counts, after a warm-up; one that takes long counts once, without
 */
record BenchStatement(String name, String sql, int rounds) {
  /** Counted often enough for a median. */
  private static final int ROUNDS = 5;

  /** The name of the statement that has a goal of its own. */
  static final String LOOKUP = "point lookup by key";

  static final String LAST_PER_KEY = "last record per key";

  /** The statement, its row as one text. */
  String on(String table) {
    return "SELECT CAST(answer AS VARCHAR) FROM (" + sql.replace("${t}", table) + ") AS answer";
  }

  /**
   * What people ask an archive of orders.
   *
   * @param end when the last record arrived
   */
  static List<BenchStatement> all(Instant end) {
    Instant middle = OrdersTable.START.plus(Duration.between(OrdersTable.START, end).dividedBy(2));
    String day = "_arrival_time >= '" + end.minus(Duration.ofDays(1)) + "'";
    String hour =
        "_arrival_time >= '"
            + middle
            + "' AND _arrival_time < '"
            + middle.plus(Duration.ofHours(1))
            + "'";
    return List.of(
        statement("count", "SELECT count(*) FROM ${t}"),
        statement(
            "group by",
            "SELECT string_agg(city || n || a, ',' ORDER BY city) FROM (SELECT customer.city AS city,"
                + " count(*) AS n, round(sum(amount)) AS a FROM ${t} GROUP BY ALL)"),
        statement(
            LOOKUP,
            "SELECT count(*), max(_arrival_time), round(sum(amount)) FROM ${t}"
                + " WHERE _partition_key = 'customer-123456'"),
        statement(
            "time range of an hour",
            "SELECT count(*), round(sum(amount)), max(type) FROM ${t} WHERE " + hour),
        statement(
            "top 10",
            "SELECT string_agg(event_id, ',' ORDER BY event_id) FROM (SELECT event_id, type FROM ${t}"
                + " ORDER BY amount DESC, event_id LIMIT 10)"),
        statement(
            "JSON path, a day",
            "SELECT count(*), sum(CAST(json_extract_string(decode(_payload), '$.items[0].quantity')"
                + " AS BIGINT)) FROM ${t} WHERE "
                + day),
        new BenchStatement(
            "join with a CTE",
            "WITH returned AS (SELECT DISTINCT order_id FROM ${t} WHERE type = 'order.returned' AND "
                + day
                + ") SELECT count(*), round(sum(amount)) FROM ${t} JOIN returned USING (order_id)",
            3),
        new BenchStatement(LAST_PER_KEY, lastPerKey(), 1));
  }

  /** Finds the last positions in two columns, and then reads the rows at them. */
  private static String lastPerKey() {
    return "SELECT count(*), round(sum(amount)), sum(octet_length(_payload)) FROM ${t}"
        + " SEMI JOIN (SELECT _partition_key AS k, max(_sequence_number) AS n FROM ${t} GROUP BY ALL)"
        + " AS last ON _partition_key = k AND _sequence_number = n";
  }

  private static BenchStatement statement(String name, String sql) {
    return new BenchStatement(name, sql, ROUNDS);
  }
}
