package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlGateTest {
  private static SqlGate gate;

  @BeforeAll
  static void open() {
    gate = SqlGate.open(SqlSettings.DEFAULTS);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  private static final Set<String> HARMLESS = Set.of("orders", "clicks", "a", "t");

  /** As the engine does: a table that is neither known nor defined by the statement is refused. */
  private static void checkAll(String sql) {
    GatedSelect select = gate.check(sql);
    for (TableName table : select.tables()) {
      boolean known = table.schema().isEmpty() && HARMLESS.contains(table.name());
      if (!known && !select.defines(table)) {
        throw new WatershedException(ErrorCode.SQL, "unknown table " + table, "hint");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Files by table function, by name, by scalar function.
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_csv_auto('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_json('/etc/passwd')",
        "SELECT * FROM read_json_auto('/etc/passwd')",
        "SELECT * FROM read_ndjson_objects('/etc/passwd')",
        "SELECT * FROM read_parquet('/tmp/x.parquet')",
        "SELECT * FROM parquet_scan('/tmp/x.parquet')",
        "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
        "SELECT * FROM parquet_kv_metadata('/tmp/x.parquet')",
        "SELECT * FROM parquet_schema('/tmp/x.parquet')",
        "SELECT * FROM read_duckdb('/tmp/x.db')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM '/tmp/x.parquet'",
        "SELECT * FROM \"/tmp/x.parquet\"",
        "SELECT * FROM 'https://example.com/x.parquet'",
        "SELECT * FROM 's3://bucket/x.parquet'",
        "SELECT * FROM main.\"/tmp/x.parquet\"",
        "SELECT * FROM memory.main.orders",
        "SELECT (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT * FROM orders WHERE EXISTS (SELECT 1 FROM read_text('/etc/passwd'))",
        "SELECT * FROM orders ORDER BY (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT * FROM orders LIMIT (SELECT count(*) FROM glob('/*'))",
        "SELECT CASE WHEN true THEN (SELECT content FROM read_text('/etc/passwd')) END",
        "SELECT list_transform([1], x -> (SELECT content FROM read_text('/etc/passwd')))",
        "WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a",
        "WITH a AS MATERIALIZED (SELECT * FROM glob('/*')) SELECT 1",
        "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT size FROM read_text('/x')) SELECT * FROM a",
        "SELECT * FROM (PIVOT (SELECT * FROM read_text('/etc/passwd')) ON size IN (1) USING count(*))",
        "SELECT * FROM orders, LATERAL (SELECT * FROM read_text(orders.name))",
        "SELECT 1 UNION ALL SELECT size FROM read_text('/etc/passwd')",
        "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
        "SUMMARIZE '/tmp/x.parquet'",
        "DESCRIBE '/tmp/x.parquet'",
        "FROM '/etc/passwd'",
        "TABLE '/etc/passwd'",
        "SELECT * FROM (WITH \"/tmp/x.parquet\" AS (SELECT 1) SELECT 1), \"/tmp/x.parquet\"",
        "SELECT * FROM (WITH duckdb_views AS (SELECT 1) SELECT 1), duckdb_views",
        "SELECT * FROM (WITH sqlite_master AS (SELECT 1) SELECT 1), sqlite_master",
        // SQL in text.
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('orders')",
        "SELECT * FROM json_execute_serialized_sql('{}')",
        "SELECT json_serialize_sql('SELECT 1')",
        "SELECT json_deserialize_sql('{}')",
        "SELECT json_serialize_plan('SELECT 1')",
        // The process and its settings.
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT getvariable('x')",
        "SELECT current_query()",
        "SELECT current_user()",
        "SELECT pg_sleep(10)",
        "SELECT sleep_ms(10000)",
        "SELECT write_log('x')",
        "SELECT nextval('s')",
        "SELECT setseed(0.5)",
        "SELECT stats(1)",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_settings",
        "SELECT * FROM duckdb_views()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_logs()",
        "SELECT * FROM duckdb_temporary_files()",
        "SELECT * FROM duckdb_external_file_cache()",
        "SELECT * FROM pragma_database_size()",
        "SELECT * FROM pragma_table_info('orders')",
        "SELECT * FROM pragma_storage_info('orders')",
        "SELECT * FROM which_secret('s3://x', 's3')",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM checkpoint()",
        "SELECT * FROM force_checkpoint()",
        "SELECT * FROM enable_logging()",
        "SELECT * FROM enable_profiling()",
        "SELECT * FROM seq_scan('orders')",
        "SELECT * FROM arrow_scan(1, 2, 3)",
        "SELECT * FROM create_external_resource('x')",
        "SELECT * FROM test_all_types()",
        "SELECT * FROM repeat('x', 1000000000)",
        "SELECT main.upper('x')",
        "SELECT system.main.upper('x')",
        // No SELECT, or more than one.
        "COPY orders TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "COPY orders FROM '/etc/passwd'",
        "EXPORT DATABASE '/tmp/x'",
        "IMPORT DATABASE '/tmp/x'",
        "ATTACH '/tmp/x.db'",
        "ATTACH ':memory:' AS m",
        "DETACH memory",
        "USE memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET threads = 100",
        "SET VARIABLE x = 1",
        "RESET threads",
        "PRAGMA database_list",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
        "CHECKPOINT",
        "VACUUM",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE VIEW x AS SELECT 1",
        "CREATE MACRO x() AS 1",
        "CREATE SECRET x (TYPE s3)",
        "DROP VIEW orders",
        "ALTER TABLE orders ADD COLUMN x INT",
        "COMMENT ON TABLE orders IS 'x'",
        "INSERT INTO orders VALUES (1)",
        "UPDATE orders SET a = 1",
        "DELETE FROM orders",
        "MERGE INTO orders USING t ON true WHEN MATCHED THEN DELETE",
        "TRUNCATE orders",
        "PIVOT orders ON a USING sum(b)",
        "SHOW TABLES",
        "SHOW DATABASES",
        "WITH a AS (INSERT INTO orders VALUES (1) RETURNING *) SELECT * FROM a",
        "WITH a AS (DELETE FROM orders RETURNING *) SELECT * FROM a",
        "WITH a AS (UPDATE orders SET x = 1 RETURNING *) SELECT * FROM a",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY orders TO '/tmp/x.csv'",
        "SELECT 1; /* quiet */ SET threads = 1",
        "",
        ";",
        "-- nothing",
        // What crashes, hangs or eats memory.
        "SELECT json_contains(decode(_payload), '1') FROM orders",
        "SELECT json_pretty(decode(_payload)) FROM orders",
        "SELECT * FROM orders, json_tree(decode(_payload))",
        "SELECT a::VARIANT FROM orders",
        "SELECT TRY_CAST(a AS VARIANT) FROM orders",
        "SELECT CAST(a AS STRUCT(b VARIANT[])) FROM orders",
        "SELECT variant_extract(a, 'x') FROM orders",
        "SELECT repeat('x', 2000000000)",
        "SELECT repeat('x', 1000 * 1000 * 1000)",
        "SELECT repeat(repeat('x', 1000000), 1000000)",
        "SELECT lpad('x', 2000000000, 'y')",
        "SELECT rpad('x', a, 'y') FROM orders",
        "SELECT format('{:>2000000000}', 'x')",
        "SELECT format('{:>{}}', 'x', 2000000000)",
        "SELECT printf('%2000000000d', 1)",
        "SELECT printf('%*d', 2000000000, 1)",
        "SELECT printf(a, 1) FROM orders",
        "SELECT list_resize([1], 2000000000)",
        "SELECT bitstring('1', 2000000000)",
        // What means something else here.
        "SELECT * FROM orders AT (VERSION => 1)",
        "SELECT * FROM orders WHERE a = ?",
        "SELECT * FROM orders WHERE a = $x",
        "SELECT * FROM orders WHERE",
        "SELEC 1",
      })
  void anEscapeIsRefusedWithAHint(String sql) {
    assertThatThrownBy(() -> checkAll(sql))
        .isInstanceOfSatisfying(
            WatershedException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SQL);
              assertThat(error.hint()).isNotEmpty();
              assertThat(error.getMessage()).doesNotContain("serialized to json");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "VALUES (1, 'a'), (2, 'b')",
        "FROM orders",
        "SELECT 1;",
        "DESCRIBE orders",
        "SUMMARIZE orders",
        "SELECT count(*) FROM orders",
        "SELECT customer.city, sum(amount) FROM orders GROUP BY ALL ORDER BY 2 DESC LIMIT 5",
        "SELECT * EXCLUDE (a) REPLACE (1 AS b) FROM orders",
        "SELECT COLUMNS('a.*') FROM orders",
        "SELECT * FROM orders o JOIN clicks c USING (user_id) WHERE o.a IN (1, 2) AND c.b LIKE 'x%'",
        "SELECT * FROM orders ASOF JOIN clicks USING (user_id, time)",
        "WITH a AS (SELECT * FROM orders) SELECT * FROM a x, a y WHERE x.id = y.id",
        "WITH orders AS (SELECT * FROM orders) SELECT * FROM orders",
        "WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 9) FROM a",
        "SELECT row_number() OVER (PARTITION BY k ORDER BY t), sum(x) OVER w FROM orders WINDOW w AS ()",
        "SELECT * FROM orders QUALIFY row_number() OVER (PARTITION BY k ORDER BY t DESC) = 1",
        "SELECT json_extract_string(decode(_payload), '$.a.b'), decode(_payload)->>'$.x' FROM orders",
        "SELECT [x + 1 FOR x IN list IF x > 1], list_transform(l, x -> x * 2), {'a': 1}.a FROM orders",
        "SELECT date_trunc('hour', _arrival_time), INTERVAL 1 DAY, TIMESTAMP '2026-01-01' FROM orders",
        "SELECT a::DECIMAL(10, 2), TRY_CAST(b AS BIGINT), CAST(c AS STRUCT(d INTEGER[])) FROM orders",
        "SELECT unnest([1, 2]), grouping(a), coalesce(a, b), ifnull(a, 1), nullif(a, 1) FROM orders GROUP BY a, b",
        "SELECT * FROM range(10) r, generate_series(1, 3), unnest([1]) u",
        "SELECT * FROM orders, json_each(decode(_payload))",
        "SELECT * FROM (PIVOT orders ON a IN (1, 2) USING sum(b))",
        "SELECT * FROM orders UNPIVOT (v FOR n IN (a, b))",
        "SELECT * FROM orders TABLESAMPLE 10%",
        "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4 ORDER BY 1 NULLS FIRST",
        "SELECT DISTINCT ON (a) a, b FROM orders ORDER BY a ASC, b DESC NULLS LAST LIMIT 10% OFFSET 1",
        "SELECT a IS NULL, a IS NOT NULL, a IS DISTINCT FROM b, a NOT IN (1), NOT a, -a, a || b, a ** 2, a // 2, x[1], x[1:2] FROM orders",
        "SELECT a BETWEEN 1 AND 2, a SIMILAR TO 'x', a ILIKE 'x', a NOT ILIKE 'x', a ~ 'x', a GLOB 'x', a COLLATE NOCASE FROM orders",
        "SELECT count(*) FILTER (WHERE a > 1), string_agg(a, ',' ORDER BY b), arg_max(a, b), quantile_cont(a, 0.5), list(DISTINCT a) FROM orders",
        "SELECT now(), current_timestamp, today(), current_date, epoch_ms(_arrival_time), strftime(t, '%Y'), extract(year FROM t) FROM orders",
        "SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END, if(a, 1, 2), greatest(a, b), position('a' IN b), substring(a FROM 1 FOR 2), trim(BOTH 'x' FROM a), overlay(a PLACING 'x' FROM 1) FROM orders",
        "SELECT * FROM orders WHERE (a, b) IN (SELECT a, max(b) FROM orders GROUP BY a) AND a = ANY (SELECT b FROM clicks) AND a > ALL (SELECT 1)",
        "SELECT GROUPING(a), a FROM orders GROUP BY GROUPING SETS ((a), ())",
        "SELECT * FROM orders GROUP BY ROLLUP (a, b)",
        "SELECT repeat('-', 10), lpad(a, 10, '0'), format('{:>8.2f}', a), printf('%08d', b) FROM orders",
        "SELECT a.b.c, t.\"x y\" FROM orders t POSITIONAL JOIN clicks",
        "SELECT a AT TIME ZONE 'UTC', MAP {'a': 1}, ARRAY[1, 2], E'\\n', 1e3, 0x1F, 1_000, true, NULL FROM orders",
        "SELECT max(a, 3), histogram(a), mode(a), median(a), approx_count_distinct(a), bool_and(a), stddev(a) FROM orders",
      })
  void aSelectOverTheViewPasses(String sql) {
    checkAll(sql);
  }

  @Test
  void deepNestingIsRefusedBeforeNativeCodeRunsOutOfStack() {
    assertRefused("SELECT * FROM (".repeat(9_000) + "SELECT 1" + ")".repeat(9_000));
    assertRefused("SELECT * FROM (".repeat(15_000) + "SELECT 1" + ")".repeat(15_000));
    assertRefused("SELECT $$'$$, * FROM (".repeat(9_000) + "SELECT 1" + ")".repeat(9_000));
    assertRefused("SELECT " + "(".repeat(60_000) + "1" + ")".repeat(60_000));
    assertRefused("SELECT '" + "[".repeat(100_000) + "'::JSON");
    assertRefused("SELECT count(*) FROM orders" + " JOIN orders USING (a)".repeat(800));
    assertRefused("SELECT 1 FROM orders" + ", orders".repeat(101));
  }

  @Test
  void aStatementThatIsTooLongIsRefused() {
    assertRefused("SELECT '" + "x".repeat(SqlSettings.DEFAULTS.maxStatementChars()) + "'");
  }

  @Test
  void aSyntaxErrorSaysWhere() {
    assertThatThrownBy(() -> gate.check("SELECT a\nFROM orders\nWHERE GROUP BY a"))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.hint()).contains("line 3"));
  }

  @Test
  void theNamesOfAStatementAreFoundWhereverTheyStand() {
    GatedSelect select =
        gate.check(
            "WITH c AS (SELECT * FROM clicks) SELECT * FROM orders o, c, watershed.gaps"
                + " WHERE EXISTS (SELECT 1 FROM \"web-hits\")");
    assertThat(select.tables())
        .containsExactlyInAnyOrder(
            new TableName("", "orders"),
            new TableName("", "clicks"),
            new TableName("", "c"),
            new TableName("", "web-hits"),
            new TableName("watershed", "gaps"));
    assertThat(select.defines(new TableName("", "C"))).isTrue();
    assertThat(select.defines(new TableName("", "orders"))).isFalse();
    assertThat(select.defines(new TableName("watershed", "c"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true) OR (true) LIMIT (1",
        "true) UNION ALL SELECT (1",
        "a > 1) FROM (SELECT 1",
        "true) GROUP BY (1",
        "true) AS x, (true",
        "a IN (SELECT a FROM orders)",
        "true -- ) AND x = (",
        "getenv('HOME') = 'x'",
        "",
        "true) ORDER BY (1",
        "true) QUALIFY (true",
      })
  void aPredicateIsOneExpressionOverTheStreamsColumns(String predicate) {
    if (predicate.equals("true -- ) AND x = (")) {
      gate.checkPredicate(predicate); // A comment at the end does no harm: a line break follows.
      return;
    }
    assertThatThrownBy(() -> gate.checkPredicate(predicate)).isInstanceOf(WatershedException.class);
  }

  @Test
  void ordinaryPredicatesPass() {
    gate.checkPredicate("amount > 10 AND customer.city = 'Köln' OR note IS NULL");
    gate.checkPredicate("json_extract_string(decode(_payload), '$.x') IN ('a', 'b')");
  }

  private static void assertRefused(String sql) {
    assertThatThrownBy(() -> checkAll(sql))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL));
  }
}
