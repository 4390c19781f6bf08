package io.watershed.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.query.SqlRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.drill.exec.client.DrillClient;
import org.apache.drill.exec.proto.UserBitShared.QueryType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of a stream in a drillbit, row by row as the embedded engine has them: partly archived
 * while columns came and shards split and merged, partly live.
 */
@EnabledForJreRange(max = JRE.JAVA_17, disabledReason = "Drill 1.22 runs on no newer Java than 17")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrillViewTest {
  private static final long PUT_PAUSE_NANOS = 500_000;

  private Pond pond;
  private EmbeddedDrillbit drillbit;
  private DrillSession drill;

  @BeforeAll
  void archiveSomeAndLeaveSomeLive(@TempDir Path folder) throws Exception {
    pond = new Pond(folder, "orders", "busy", "trimmed", "receipted");
    drillbit = EmbeddedDrillbit.start(folder.resolve("drill"));
    drill = DrillSession.open(drillbit, pond.config);
    Shop shop = new Shop(7);
    for (int age = 0; age < 3; age++) {
      pond.kinesis.scaleTo("orders", 2 + age % 2);
      shop.put(pond.kinesis, 60, age);
      pond.archive("orders");
    }
    shop.put(pond.kinesis, 40, 3);
  }

  @AfterAll
  void close() throws Exception {
    drill.close();
    drillbit.close();
    pond.close();
  }

  @Test
  void theTablesOfAStreamAreListed() throws Exception {
    assertThat(drill.ask("SHOW TABLES IN watershed").rows())
        .extracting(row -> row.get(1))
        .contains("orders", "orders_archive", "orders_copies", "orders_live");
    assertThatThrownBy(() -> drill.ask("SELECT * FROM watershed.nothing"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("not found");
  }

  @Test
  void everyColumnOfEveryRowIsTheSame() throws Exception {
    for (String table : List.of("orders", "orders_archive", "orders_live", "orders_copies")) {
      same("SELECT * FROM " + table);
    }
    assertThat(drill.ask("SELECT * FROM orders").rows()).hasSize(220);
    assertThat(drill.ask("SELECT * FROM orders_live").rows()).hasSize(40);
  }

  @Test
  void statementsOfAllKindsSayTheSame() throws Exception {
    same("SELECT count(*), count(note), count(gift) FROM orders");
    same("SELECT count(*) FROM orders_live WHERE quantity > 2");
    same("SELECT quantity, count(*), sum(quantity) FROM orders GROUP BY quantity");
    same("SELECT amount, count(*) FROM orders GROUP BY amount");
    same("SELECT o.shipping.city, count(*) FROM orders o GROUP BY o.shipping.city");
    same("SELECT o.shipping.point.lat FROM orders_live o WHERE o.shipping.express = true");
    same("SELECT count(*) FROM orders o WHERE o.shipping.point.lat > 50");
    same("SELECT count(*) FROM orders o WHERE o.shipping.point.lat IS NULL");
    same("SELECT o.shipping FROM orders o");
    same("SELECT tags FROM orders WHERE tags IS NOT NULL");
    same("SELECT order_id FROM orders WHERE _arrival_time > TIMESTAMP '2020-01-01 00:00:00'");
    same("SELECT min(_sequence_number), max(_arrival_time), count(DISTINCT _shard_id) FROM orders");
    same(
        "SELECT a.order_id, b.amount FROM orders a JOIN orders_live b"
            + " ON a._sequence_number = b._sequence_number");
    same("SELECT order_id FROM orders_archive UNION SELECT order_id FROM orders_live");
    same(
        "SELECT order_id, rank() OVER (PARTITION BY _partition_key ORDER BY order_id) FROM orders");
    assertThat(drill.ask("SELECT order_id FROM orders ORDER BY order_id LIMIT 5").texts())
        .isEqualTo(pond.ask("SELECT order_id FROM orders ORDER BY order_id LIMIT 5").texts());
    assertThat(drill.ask("SELECT order_id FROM orders LIMIT 5").rows()).hasSize(5);
  }

  @Test
  void tablesAboutTheArchivesSayTheSame() throws Exception {
    same("SELECT * FROM watershed.snapshots WHERE operation = 'append'");
    same("SELECT * FROM watershed.\"files\"");
    same("SELECT * FROM watershed.gaps");
    same("SELECT shard_id, finished, archived_records, digest FROM watershed.shards");
  }

  @Test
  void aReceiptRepeatsItsCutHereAndInTheEmbeddedEngine() throws Exception {
    String sql = "SELECT count(*), min(_payload), max(_sequence_number) FROM receipted";
    pond.kinesis.put("receipted", "k", new byte[] {'{', '}'});
    pond.archive("receipted");
    pond.kinesis.put("receipted", "k", new byte[] {'{', '}'});
    List<String> then = drill.ask(sql).texts();
    Answer last =
        drill.ask(
            "SELECT receipt, \"streams\" FROM watershed.receipts ORDER BY asked_at DESC LIMIT 1");
    String receipt = last.only().toString();
    assertThat(last.rows().get(0).get(1)).isEqualTo("receipted");
    pond.kinesis.put("receipted", "k", new byte[] {'{', '"', 'a', '"', ':', '1', '}'});
    pond.archive("receipted");
    assertThat(drill.ask(sql).texts()).isNotEqualTo(then);
    assertThat(drill.ask(sql.replace("receipted", '"' + receipt + "\".receipted")).texts())
        .isEqualTo(then);
    assertThat(pond.ask(SqlRequest.of(sql).at(receipt)).texts()).isEqualTo(then);
    assertThatThrownBy(() -> drill.ask("SELECT * FROM \"" + receipt + "\".orders"))
        .hasMessageContaining("does not hold the stream 'orders'");
    assertThatThrownBy(() -> drill.ask("SELECT * FROM watershed.\"0123456789ab\".orders"))
        .hasMessageContaining("there is no receipt 0123456789ab");
  }

  @Test
  void filtersLeaveUnitsOutAndNoRows() throws Exception {
    int all = units("SELECT order_id FROM orders");
    Object shard = pond.ask("SELECT max(_shard_id) FROM orders_live").only();
    Object first = pond.ask("SELECT max(epoch_us(_arrival_time)) FROM orders_archive").only();
    Object lowest = pond.ask("SELECT min(_sequence_number) FROM orders_archive").only();
    Object time =
        pond.ask(
                "SELECT strftime(max(_arrival_time) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%g')"
                    + " FROM orders_archive")
            .only();
    for (String where :
        List.of(
            "_shard_id = '" + shard + "'",
            "_shard_id IN ('" + shard + "', 'none')",
            "_arrival_time >= TIMESTAMP '" + time + "' AND quantity > 1",
            "_sequence_number <= '" + lowest + "'",
            "_partition_key = 'nobody'",
            "_arrival_time < TIMESTAMP '2000-01-01 00:00:00' AND quantity BETWEEN 2 AND 3")) {
      String sql = "SELECT order_id, quantity FROM orders o WHERE " + where;
      same(sql);
      assertThat(units(sql)).as(where).isLessThan(all);
    }
    String micros = "SELECT order_id FROM orders WHERE _arrival_time_micros > " + first;
    assertThat(drill.ask(micros).sorted())
        .isEqualTo(
            pond.ask("SELECT order_id FROM orders WHERE epoch_us(_arrival_time) > " + first)
                .sorted());
    same("SELECT order_id FROM orders WHERE _arrival_time < TIMESTAMP '2000-01-01 00:00:00'");
    same("SELECT order_id FROM orders WHERE order_id = 'o-7' AND note IS NULL");
    same("SELECT order_id FROM orders WHERE quantity > 3 OR _shard_id = '" + shard + "'");
    same("SELECT order_id FROM orders WHERE amount = '12' OR amount = 'much'");
  }

  private int units(String sql) throws SQLException {
    String plan = drill.ask("EXPLAIN PLAN FOR " + sql).rows().get(0).get(0).toString();
    Matcher units = Pattern.compile("units=(\\d+)").matcher(plan);
    assertThat(units.find()).as(plan).isTrue();
    return Integer.parseInt(units.group(1));
  }

  @Test
  void microsecondsAreThere() throws Exception {
    assertThat(drill.ask("SELECT sum(_arrival_time_micros) FROM orders").texts())
        .isEqualTo(pond.ask("SELECT sum(epoch_us(_arrival_time)) FROM orders").texts());
  }

  @Test
  void oneStatementHasOneCutHoweverOftenItNamesTheStream() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> putting =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !done.get(); i++) {
                pond.kinesis.put("busy", "k" + i, new byte[] {'{', '}'});
                LockSupport.parkNanos(PUT_PAUSE_NANOS);
              }
            });
    try {
      for (int i = 0; i < 3; i++) {
        Answer counts =
            drill.ask(
                "SELECT count(*) FROM busy UNION ALL SELECT count(_shard_id) FROM busy_live"
                    + " UNION ALL SELECT count(_payload) FROM busy");
        assertThat(counts.texts()).hasSize(3);
        assertThat(counts.texts().stream().distinct()).hasSize(1);
      }
    } finally {
      done.set(true);
      putting.join();
    }
  }

  @Test
  void whatWasTrimmedAfterPlanningFailsTheStatement() throws Exception {
    for (int i = 0; i < 10; i++) {
      pond.kinesis.put("trimmed", "k", new byte[] {'{', '}'});
    }
    String plan = plan(drill, "SELECT _payload FROM trimmed");
    assertThat(run(plan)).isEqualTo(10);
    String shard = pond.kinesis.put("trimmed", "k", new byte[] {'{', '}'}).shardId();
    assertThat(run(plan)).as("what came later is not in the cut").isEqualTo(10);
    pond.kinesis.expireOldest("trimmed", shard, 4);
    assertThatThrownBy(() -> run(plan))
        .hasMessageContaining("the stream does not hold its records any more")
        .hasMessageContaining("Ask again");
  }

  @Test
  void aDataFileThatWentAfterPlanningFailsTheStatement() throws Exception {
    String plan = plan(drill, "SELECT quantity FROM orders_archive");
    assertThat(run(plan)).isEqualTo(180);
    Path file;
    try (var files = Files.walk(pond.root)) {
      file = files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Path away = file.resolveSibling("away");
    Files.move(file, away);
    try {
      assertThatThrownBy(() -> run(plan)).hasMessageContaining("is not there any more");
    } finally {
      Files.move(away, file);
    }
  }

  private static String plan(DrillSession session, String sql) throws SQLException {
    return session.ask("EXPLAIN PLAN FOR " + sql).rows().get(0).get(1).toString();
  }

  /** Runs a physical plan. */
  private long run(String plan) throws Exception {
    try (DrillClient client = drillbit.client()) {
      return client.runQuery(QueryType.PHYSICAL, plan).stream()
          .mapToLong(
              batch -> {
                long rows = batch.getHeader().getRowCount();
                batch.release();
                return rows;
              })
          .sum();
    }
  }

  private void same(String sql) throws SQLException {
    List<String> theirs = drill.ask(sql).without("_arrival_time_micros").sorted();
    List<String> ours = pond.ask(sql).sorted();
    assertThat(theirs).as(sql).hasSameSizeAs(ours);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(theirs.get(i)).as("row %d of %s", i, sql).isEqualTo(ours.get(i));
    }
  }
}
