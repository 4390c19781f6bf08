package io.watershed.flight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.QueryEngine;
import io.watershed.query.TableNames;
import io.watershed.reservoir.Reservoir;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through Arrow's own JDBC driver and client, over a stream with both sides. */
class FlightSqlEndpointTest {
  private static final String STREAM = "orders";
  private static final String TOKEN = "0123456789abcdef";
  private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

  /** Counts more than any machine can in the time of a test. */
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c"
          + " WHERE a.range + b.range + c.range < 0";

  @TempDir Path folder;
  private LocalKinesis kinesis;
  private KinesisStreams streams;
  private Reservoir reservoir;
  private QueryEngine engine;
  private final List<String> ended = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    kinesis.createStream(STREAM, 2);
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    put(1, 60);
    archive();
    put(61, 100);
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of(STREAM, streams.source(STREAM))),
            SqlSettings.DEFAULTS,
            new LiveReadSettings(
                100_000, 64L << 20, Duration.ofSeconds(20), Duration.ofMillis(1), 10_000, 3),
            folder.resolve("cache"));
  }

  @AfterEach
  void close() {
    engine.close();
    reservoir.close();
    streams.close();
    kinesis.close();
  }

  private void put(int first, int last) {
    for (int id = first; id <= last; id++) {
      String json =
          "{\"id\":%d,\"amount\":%d.5,\"customer\":{\"city\":\"Köln\"},\"tags\":[1,\"x\"]}"
              .formatted(id, id);
      kinesis.put(STREAM, "user-" + id % 7, json.getBytes(UTF_8));
    }
  }

  private void archive() {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(STREAM, () -> streams.source(STREAM))),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      assertThat(service.run(ArchiveMode.ONCE, new StopSignal()).exitCode()).isZero();
    }
  }

  private FlightSqlEndpoint start() {
    return start(FlightSettings.at(LOOPBACK), Optional.empty());
  }

  private FlightSqlEndpoint start(FlightSettings settings, Optional<FlightTokens> tokens) {
    return FlightSqlEndpoint.start(
        settings,
        engine,
        () -> TableNames.of(List.of(STREAM)),
        tokens,
        (caller, sql, outcome) -> ended.add(caller + ": " + outcome));
  }

  private static Connection connect(FlightSqlEndpoint endpoint, String... properties)
      throws SQLException {
    Properties all = new Properties();
    all.put("useEncryption", "false");
    for (int i = 0; i < properties.length; i += 2) {
      all.put(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:arrow-flight-sql://127.0.0.1:" + endpoint.address().getPort(), all);
  }

  private static List<List<Object>> ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return all(rows);
    }
  }

  private static List<List<Object>> all(ResultSet rows) throws SQLException {
    List<List<Object>> all = new ArrayList<>();
    while (rows.next()) {
      List<Object> row = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        Object value = rows.getObject(i);
        // Nested values are read from the batch, which goes with the row.
        row.add(value instanceof java.sql.Array || value instanceof Map ? value.toString() : value);
      }
      all.add(row);
    }
    return all;
  }

  @Test
  void aStatementSeesBothSidesOfTheSeamOnce() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      assertThat(ask(connection, "SELECT count(*), min(id), max(id) FROM orders"))
          .containsExactly(List.of(100L, 1L, 100L));
      assertThat(ask(connection, "SELECT count(*) FROM orders_live")).containsExactly(List.of(40L));
      assertThat(ask(connection, "SELECT customer.city FROM orders WHERE id = 70"))
          .containsExactly(List.of("Köln"));
      put(101, 101);
      assertThat(ask(connection, "SELECT count(*) FROM orders")).containsExactly(List.of(101L));
    }
  }

  @Test
  void valuesKeepTheirTypes() throws Exception {
    String sql =
        "SELECT true AS a, 1::TINYINT AS b, 2::SMALLINT AS c, 3::INTEGER AS d,"
            + " 9007199254740993::BIGINT AS e, 18446744073709551615::UBIGINT AS f, 255::UTINYINT AS u1, 65535::USMALLINT AS u2,"
            + " 4294967295::UINTEGER AS u4,"
            + " 12345678901234567890123456789012345678::HUGEINT AS g, 1.50::DECIMAL(9,2) AS h,"
            + " 0.1::DOUBLE AS i, 'text' AS j, 'ab'::BLOB AS k, DATE '2026-03-29' AS l,"
            + " TIMESTAMPTZ '2026-01-02 03:04:05.123456+01' AS m, '{\"j\": 1}'::JSON AS n,"
            + " uuid '123e4567-e89b-12d3-a456-426614174000' AS o, INTERVAL 1 DAY AS p,"
            + " NULL::BIGINT AS q, NULL::VARCHAR AS r";
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      ResultSetMetaData columns = rows.getMetaData();
      assertThat(columns.getColumnName(5)).isEqualTo("e");
      assertThat(rows.next()).isTrue();
      assertThat(rows.getBoolean("a")).isTrue();
      assertThat(rows.getByte("b")).isEqualTo((byte) 1);
      assertThat(rows.getShort("c")).isEqualTo((short) 2);
      assertThat(rows.getInt("d")).isEqualTo(3);
      assertThat(rows.getLong("e")).isEqualTo(9007199254740993L);
      assertThat(rows.getBigDecimal("f").toPlainString()).isEqualTo("18446744073709551615");
      assertThat(rows.getInt("u1")).isEqualTo(255);
      assertThat(rows.getInt("u2")).isEqualTo(65535);
      assertThat(rows.getLong("u4")).isEqualTo(4294967295L);
      assertThat(rows.getBigDecimal("g").toPlainString())
          .isEqualTo("12345678901234567890123456789012345678");
      assertThat(rows.getBigDecimal("h").toPlainString()).isEqualTo("1.50");
      assertThat(rows.getDouble("i")).isEqualTo(0.1);
      assertThat(rows.getString("j")).isEqualTo("text");
      assertThat(rows.getBytes("k")).isEqualTo("ab".getBytes(UTF_8));
      assertThat(rows.getDate("l").toString()).isEqualTo("2026-03-29");
      assertThat(rows.getTimestamp("m").toInstant()).hasToString("2026-01-02T02:04:05.123456Z");
      assertThat(rows.getString("n")).isEqualTo("{\"j\": 1}");
      assertThat(rows.getString("o")).isEqualTo("123e4567-e89b-12d3-a456-426614174000");
      assertThat(rows.getString("p")).isNotEmpty();
      assertThat(rows.getObject("q")).isNull();
      assertThat(rows.getString("r")).isNull();
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void nestedValuesKeepTheirShape() throws Exception {
    String sql =
        "SELECT * FROM (VALUES"
            + " ([1, NULL, 3], {'city': 'x', 'lines': ['a', 'b']}, MAP {'k': 1, 'l': NULL}),"
            + " (NULL, NULL, NULL),"
            + " ([], {'city': NULL, 'lines': NULL}, MAP {}),"
            + " ([4], {'city': 'y', 'lines': ['c']}, MAP {'m': 2})) t(list, struct, map)";
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      assertThat(ask(connection, sql).stream().map(row -> String.valueOf(row)).toList())
          .containsExactly(
              "[[1,null,3], {\"city\":\"x\",\"lines\":[\"a\",\"b\"]}, {\"k\":1,\"l\":null}]",
              "[null, null, null]",
              "[[], {}, {}]",
              "[[4], {\"city\":\"y\",\"lines\":[\"c\"]}, {\"m\":2}]");
    }
  }

  @Test
  void aValueThatArrowCannotHoldIsAnError() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      assertThatThrownBy(
              () ->
                  ask(
                      connection,
                      "SELECT 170141183460469231731687303715884105727::HUGEINT AS huge"))
          .hasStackTraceContaining("huge");
      assertThatThrownBy(() -> ask(connection, "SELECT 'infinity'::TIMESTAMPTZ AS never"))
          .hasStackTraceContaining("an infinite time");
    }
  }

  @Test
  void aResultOfAnySizeArrivesWhole() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      for (int rows : List.of(0, 1, StatementFlight.BATCH_ROWS, StatementFlight.BATCH_ROWS + 1)) {
        assertThat(ask(connection, "SELECT range FROM range(" + rows + ")")).hasSize(rows);
      }
      List<List<Object>> large =
          ask(connection, "SELECT range, repeat('x', 5000) FROM range(3000) ORDER BY range");
      assertThat(large).hasSize(3000);
      assertThat(large.get(2999).get(0)).isEqualTo(2999L);
    }
  }

  @Test
  void errorsSayWhatAndWhatNext() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      assertThatThrownBy(() -> ask(connection, "SELECT * FROM ordres"))
          .hasStackTraceContaining("there is no stream or table 'ordres'")
          .hasStackTraceContaining("Did you mean orders?");
      assertThatThrownBy(() -> ask(connection, "SELECT * FROM read_csv('/etc/passwd')"))
          .hasStackTraceContaining("[sql]");
      assertThatThrownBy(() -> ask(connection, "DROP VIEW orders"))
          .hasStackTraceContaining("[sql]");
      assertThatThrownBy(() -> connection.createStatement().executeUpdate("DELETE FROM orders"))
          .isInstanceOf(SQLException.class);
      assertThat(ask(connection, "SELECT count(*) FROM orders")).containsExactly(List.of(100L));
    }
  }

  @Test
  void toolsFindTablesAndColumns() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertThat(metadata.isReadOnly()).isTrue();
      assertThat(metadata.getIdentifierQuoteString()).isEqualTo("\"");
      assertThat(names(metadata.getTables(null, null, "%", null), "TABLE_NAME"))
          .contains("orders", "orders_archive", "orders_live", "shards");
      assertThat(names(metadata.getTables(null, null, "%", new String[] {"TABLE"}), "TABLE_NAME"))
          .contains("orders")
          .doesNotContain("shards");
      assertThat(names(metadata.getTables(null, "main", "%", null), "TABLE_NAME"))
          .isEqualTo(names(metadata.getTables(null, "", "%", null), "TABLE_NAME"));
      assertThat(names(metadata.getTables(null, "", "%", null), "TABLE_NAME"))
          .contains("orders")
          .doesNotContain("shards");
      assertThat(names(metadata.getTables(null, "watershed", "sh_rds", null), "TABLE_NAME"))
          .containsExactly("shards");
      assertThat(names(metadata.getSchemas(), "TABLE_SCHEM")).containsExactly("", "watershed");
      assertThat(names(metadata.getTableTypes(), "TABLE_TYPE"))
          .containsExactly("TABLE", "SYSTEM TABLE");
      assertThat(names(metadata.getColumns(null, null, "orders", "%"), "COLUMN_NAME"))
          .contains("id", "amount", "customer", "_arrival_time");
      assertThat(names(metadata.getPrimaryKeys(null, null, "orders"), "COLUMN_NAME")).isEmpty();
      assertThat(names(metadata.getCatalogs(), "TABLE_CAT")).isEmpty();
      assertThat(names(metadata.getTypeInfo(), "TYPE_NAME")).isEmpty();
    }
  }

  private static List<String> names(ResultSet rows, String column) throws SQLException {
    List<String> names = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        names.add(rows.getString(column));
      }
    }
    return names;
  }

  @Test
  void aPreparedStatementAsksAgain() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint);
        PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM orders")) {
      assertThat(all(count.executeQuery())).containsExactly(List.of(100L));
      put(101, 105);
      assertThat(all(count.executeQuery())).containsExactly(List.of(105L));
    }
  }

  @Test
  void theLastBatchCarriesTheReceiptThatAConnectionCanAskBy() throws Exception {
    try (FlightSqlEndpoint endpoint = start()) {
      String receipt = receipt(endpoint);
      put(101, 120);
      try (Connection now = connect(endpoint);
          Connection then = connect(endpoint, "as-of", receipt);
          Connection archived = connect(endpoint, "live", "off")) {
        assertThat(ask(now, "SELECT count(*) FROM orders")).containsExactly(List.of(120L));
        assertThat(ask(then, "SELECT count(*) FROM orders")).containsExactly(List.of(100L));
        assertThat(ask(archived, "SELECT count(*) FROM orders")).containsExactly(List.of(60L));
      }
      try (Connection wrong = connect(endpoint, "live", "maybe")) {
        assertThatThrownBy(() -> ask(wrong, "SELECT 1"))
            .hasStackTraceContaining("none of auto, require, off");
      }
    }
  }

  private static String receipt(FlightSqlEndpoint endpoint) throws Exception {
    try (BufferAllocator memory = new RootAllocator();
        FlightSqlClient client = client(memory, endpoint)) {
      FlightInfo info = client.execute("SELECT id FROM orders");
      String metadata = "";
      try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
        while (stream.next()) {
          if (stream.getLatestMetadata() != null) {
            byte[] bytes = new byte[(int) stream.getLatestMetadata().readableBytes()];
            stream.getLatestMetadata().getBytes(0, bytes);
            metadata = new String(bytes, UTF_8);
          }
        }
      }
      assertThat(metadata).matches("\\{\"receipt\":\"[0-9a-f]+\"}");
      return metadata.replaceAll(".*:\"|\"}", "");
    }
  }

  private static int rows(FlightSqlClient client, String sql) throws Exception {
    FlightInfo info = client.execute(sql);
    int rows = 0;
    try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }

  private static FlightSqlClient client(BufferAllocator memory, FlightSqlEndpoint endpoint) {
    return new FlightSqlClient(
        FlightClient.builder(
                memory, Location.forGrpcInsecure("127.0.0.1", endpoint.address().getPort()))
            .build());
  }

  @Test
  void onlyATokenOpensAnEndpointThatHasTokens() throws Exception {
    FlightTokens tokens = token -> token.equals(TOKEN) ? Optional.of("bi") : Optional.empty();
    try (FlightSqlEndpoint endpoint = start(FlightSettings.at(LOOPBACK), Optional.of(tokens))) {
      for (String[] wrong : new String[][] {{}, {"token", "no"}, {"user", "x", "password", "no"}}) {
        assertThatThrownBy(
                () -> {
                  try (Connection connection = connect(endpoint, wrong)) {
                    ask(connection, "SELECT 1");
                  }
                })
            .hasStackTraceContaining("UNAUTHENTICATED");
      }
      try (Connection bearer = connect(endpoint, "token", TOKEN);
          Connection basic = connect(endpoint, "user", "anybody", "password", TOKEN)) {
        assertThat(ask(bearer, "SELECT 1 AS x")).containsExactly(List.of(1));
        assertThat(ask(basic, "SELECT 1 AS x")).containsExactly(List.of(1));
        assertThat(ended).containsExactly("bi: ok", "bi: ok");
      }
    }
  }

  @Test
  void othersNeedAToken() {
    FlightSettings everywhere = FlightSettings.at(new InetSocketAddress("0.0.0.0", 0));
    assertThatThrownBy(() -> start(everywhere, Optional.empty()))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("needs tokens");
  }

  @Test
  void aReaderThatLeavesEndsItsStatement() throws Exception {
    try (FlightSqlEndpoint endpoint = start();
        Connection connection = connect(endpoint)) {
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery("SELECT range FROM range(100000000000)");
      assertThat(rows.next()).isTrue();
      assertThat(endpoint.running()).isEqualTo(1);
      rows.close();
      statement.close();
      connection.close();
      awaitRunning(endpoint, 0);
    }
  }

  @Test
  void aStatementThatRunsIsCancelledAndCountsAgainstTheBound() throws Exception {
    FlightSettings one = FlightSettings.at(LOOPBACK).withMaxStatements(1);
    try (FlightSqlEndpoint endpoint = start(one, Optional.empty());
        BufferAllocator memory = new RootAllocator();
        FlightSqlClient client = client(memory, endpoint)) {
      FlightInfo info = client.execute(ENDLESS);
      try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
        awaitRunning(endpoint, 1);
        assertThatThrownBy(() -> rows(client, "SELECT 1"))
            .isInstanceOfSatisfying(
                FlightRuntimeException.class,
                e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED));
        stream.cancel("enough", null);
        awaitRunning(endpoint, 0);
      }
      assertThat(rows(client, "SELECT 1")).isEqualTo(1);
    }
  }

  private static void awaitRunning(FlightSqlEndpoint endpoint, int statements)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (endpoint.running() != statements) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
  }
}
