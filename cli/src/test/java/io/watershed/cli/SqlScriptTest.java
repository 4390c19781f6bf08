package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cli.Console.Terminals;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code watershed sql} without a person: scripts, files, redirections. */
class SqlScriptTest {
  private static final Terminals SCREEN = new Terminals(true, true, true, 60);

  @TempDir static Path folder;
  private static LocalKinesis kinesis;

  @BeforeAll
  static void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 1);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\nstreams: {orders: {}}\n");
    put("{\"id\":1,\"note\":\"a;b\",\"customer\":{\"city\":\"Köln\"}}");
    put("{\"id\":2,\"note\":\"\\u001b[31mred\\u009b2J\",\"customer\":{\"city\":\"Bonn\"}}");
    assertThat(run("archive", "--once").status()).isZero();
    put("{\"id\":3,\"note\":\"live\"}");
  }

  @AfterAll
  static void stop() {
    kinesis.close();
  }

  @Test
  void statementsOfAScriptAreAnsweredInTurn() {
    CommandRun run =
        script(
            """
            -- a comment; with a semicolon
            SELECT count(*) AS n FROM orders;
            \\o ndjson
            SELECT id FROM orders WHERE note = 'a;b'; SELECT $$x;y$$ AS text
            """,
            "-o",
            "csv");

    assertThat(run.err()).doesNotContain("error");
    assertThat(run.out()).isEqualTo("n\r\n3\r\n{\"id\":1}\n{\"text\":\"x;y\"}\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void theFirstFailingStatementEndsTheScriptAndIsNamed() {
    CommandRun run =
        script("SELECT 1 AS one;\n\nSELECT *\nFROM nowhere;\nSELECT 3 AS three;\n", "-o", "csv");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("one\r\n1\r\n");
    assertThat(run.err())
        .contains("error[sql]: statement 2 (line 3): there is no stream or table 'nowhere'")
        .contains("hint: ");
  }

  @Test
  void theStatusOfAScriptIsThatOfItsError() {
    assertThat(script("SELECT 1;\n\\o nothing\n").status()).isEqualTo(2);
    assertThat(script("\\as-of 0123456789ab\nSELECT count(*) FROM orders;").status()).isEqualTo(1);
    assertThat(script("\\timing").status()).isZero();
    assertThat(script("-- nothing at all").status()).isZero();
  }

  @Test
  void aScriptRunsAnotherOneAndAsksAgainAtAReceipt() throws IOException {
    Files.writeString(folder.resolve("inner.sql"), "SELECT 7 AS seven;\nSELECT broken FROM orders");

    CommandRun run = script("SELECT 1 AS one;\n\\i inner.sql\nSELECT 2", "-o", "csv");

    assertThat(run.out()).isEqualTo("one\r\n1\r\nseven\r\n7\r\n");
    assertThat(run.err())
        .contains("statement 2 (line 2): statement 2 (line 2): ")
        .contains("broken");
  }

  @Test
  void whatAStatementCostIsSaidBesideItsResult() {
    CommandRun run = script("\\explain\nSELECT count(*) AS n FROM orders;\n", "-o", "csv");

    assertThat(run.out()).isEqualTo("n\r\n3\r\n");
    assertThat(run.err()).containsPattern("stream +files +pruned").containsPattern("orders +1 ");
  }

  @Test
  void theTablesAndTheirColumnsAreListed() {
    CommandRun run = script("\\d\n\\d orders\n");

    assertThat(run.out().lines())
        .contains("orders", "orders_archive", "orders_live", "watershed.shards");
    assertThat(run.out()).containsPattern("customer +STRUCT\\(city VARCHAR\\)");
    assertThat(run.out()).containsPattern("id +BIGINT");
  }

  @Test
  void aResultFileIsParquetThatDuckDbReads() throws Exception {
    CommandRun run =
        run("sql", "-f", "out.parquet", "SELECT id, customer, _payload FROM orders ORDER BY id");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("receipt ");
    assertThat(read("SELECT string_agg(id || customer.city, ',') FROM 'out.parquet' WHERE id < 3"))
        .isEqualTo("1Köln,2Bonn");
    assertThat(read("SELECT typeof(_payload) FROM 'out.parquet' LIMIT 1")).isEqualTo("BLOB");
  }

  @Test
  void aFileThatIsThereIsKeptUnlessOneSaysOtherwise() throws IOException {
    Path file = Files.writeString(folder.resolve("kept.csv"), "mine");

    CommandRun refused = run("sql", "-f", "kept.csv", "SELECT 1 AS one");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("already there").contains("--overwrite");
    assertThat(file).hasContent("mine");

    CommandRun failed = run("sql", "-f", "kept.csv", "--overwrite", "SELECT error('no') AS one");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(file).hasContent("mine");

    assertThat(run("sql", "-f", "kept.csv", "--overwrite", "SELECT 1 AS one").status()).isZero();
    assertThat(file).hasContent("one\r\n1\r\n");
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".partial"));
  }

  @Test
  void parquetGoesIntoAPipeAndNotToATerminal() throws Exception {
    CommandRun piped = run("sql", "-o", "parquet", "SELECT 42 AS n");
    Files.write(folder.resolve("piped.parquet"), piped.bytes());
    assertThat(read("SELECT n FROM 'piped.parquet'")).isEqualTo("42");

    CommandRun refused =
        new CommandRun(folder).on(SCREEN).run("sql", "-o", "parquet", "SELECT 42 AS n");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("error[usage]").contains("--output-file");
    assertThat(refused.out()).isEmpty();

    assertThat(script("SELECT 1;\nSELECT 2", "-o", "parquet").err()).contains("one result");
    assertThat(run("status", "-o", "parquet").status()).isEqualTo(2);
  }

  @Test
  void anExportHoldsTheRowsThatWereShown() throws Exception {
    CommandRun run =
        script(
            "SELECT id FROM orders ORDER BY id;\n\\export three.parquet\n\\export three.parquet\n",
            "-o",
            "csv");

    assertThat(read("SELECT sum(id) FROM 'three.parquet'")).isEqualTo("6");
    assertThat(run.err()).contains("exported 3 rows").contains("already there");
    assertThat(run.status()).isEqualTo(2);
    assertThat(script("\\export nothing.csv").err()).contains("no result to export");
  }

  @Test
  void payloadsDoNotDriveTheTerminal() {
    for (String format : new String[] {"table", "csv", "ndjson", "json"}) {
      CommandRun run =
          new CommandRun(folder)
              .on(SCREEN)
              .run("sql", "-o", format, "SELECT note FROM orders WHERE id = 2");
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out().chars())
          .as(format)
          .noneMatch(c -> (c < 0x20 && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0));
      assertThat(run.out()).as(format).contains("red");
    }
    assertThat(run("sql", "-o", "csv", "SELECT note FROM orders WHERE id = 2").out())
        .contains("\u001b[31mred\u009b2J");
  }

  @Test
  void aTableOnATerminalIsNoWiderThanTheTerminal() {
    CommandRun run = new CommandRun(folder).on(SCREEN).run("sql", "SELECT * FROM orders");

    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(61));
    assertThat(run.out()).contains("(5 of 16 columns fit");
  }

  @Test
  void anInterruptEndsALongStatementWithItsOwnStatus() throws Exception {
    CommandRun run = new CommandRun(folder);
    Thread command =
        new Thread(
            () ->
                run.run(
                    "sql",
                    "-o",
                    "csv",
                    "SELECT count(*) FROM generate_series(1, 100000000) a,"
                        + " generate_series(1, 100000000) b WHERE a.generate_series < 0"));
    command.start();
    run.shutdown().request();
    command.join(30_000);

    assertThat(command.isAlive()).isFalse();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("error[cancelled]");
  }

  private static void put(String payload) {
    kinesis.put("orders", "key", payload.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(String sql) throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET file_search_path = '" + folder + "'");
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private static CommandRun script(String text, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "sql";
    System.arraycopy(options, 0, args, 1, options.length);
    return new CommandRun(folder).input(text).run(args);
  }

  private static CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }
}
