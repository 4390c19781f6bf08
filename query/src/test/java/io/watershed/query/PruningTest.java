package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SchemaSettings;
import io.watershed.query.StatementReport.StreamCost;
import io.watershed.query.Water.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data files that a statement's conditions rule out are not read, and no answer changes by it. */
class PruningTest {
  private static final int STATEMENTS = Integer.getInteger("watershed.statements", 15);
  @TempDir static Path folder;
  private static Water water;
  private static final List<List<Object>> rows = new ArrayList<>();

  @BeforeAll
  static void archive() throws Exception {
    water = new Water(folder, "orders");
    // A path without a column in the first file, then a long, then a double, then never again.
    String[] late = {",\"n\":%d", ",\"n\":%d", ",\"n\":%d.5", ""};
    int[] columns = {1, 100, 100, 100};
    for (int commit = 0; commit < late.length; commit++) {
      for (int i = 0; i < 12; i++) {
        int id = commit * 12 + i;
        water.put(
            "orders",
            "key-" + commit + i % 4,
            "{\"id\":"
                + id
                + late[commit].formatted(id)
                + ",\"customer\":{\"city\":\"c"
                + commit
                + "\"}}");
      }
      water.archiver.commit(
          "orders",
          water.source("orders"),
          Integer.MAX_VALUE,
          new SchemaSettings(columns[commit], 16, 16),
          List.of());
    }
    water.putOrders("orders", 1000, 1005);
    rows.addAll(
        water.ask("SELECT _arrival_time, _shard_id, _sequence_number, _partition_key FROM orders")
            .rows);
  }

  @AfterAll
  static void close() {
    water.close();
  }

  private static StreamCost cost(Answer answer) {
    return answer.outcome.report().streams().get(0);
  }

  @Test
  void noAnswerChanges() {
    SplittableRandom random = new SplittableRandom(7);
    int pruned = 0;
    for (int i = 0; i < STATEMENTS; i++) {
      String where = condition(random);
      for (int more = random.nextInt(3); more > 0; more--) {
        where += " AND " + condition(random);
      }
      String statement = "SELECT id, n, customer.city, _sequence_number FROM orders WHERE ";
      Answer less = water.ask(statement + where + " ORDER BY _shard_id, _sequence_number");
      Answer all =
          water.ask(statement + "(" + where + ") IS TRUE ORDER BY _shard_id, _sequence_number");
      assertThat(less.rows).as(where).isEqualTo(all.rows);
      assertThat(cost(all).filesRead()).isEqualTo(cost(all).files()).isEqualTo(4);
      assertThat(cost(less).bytesStored()).isEqualTo(cost(all).bytesStored()).isPositive();
      pruned += cost(less).filesRead() < 4 ? 1 : 0;
    }
    assertThat(pruned).isGreaterThan(STATEMENTS / 4);
  }

  private static String condition(SplittableRandom random) {
    List<Object> row = rows.get(random.nextInt(rows.size()));
    String op = List.of(" < ", " <= ", " > ", " >= ", " = ").get(random.nextInt(5));
    return switch (random.nextInt(7)) {
      case 0, 1 -> "_arrival_time" + op + "TIMESTAMPTZ '" + row.get(0) + "'";
      case 2 -> "_sequence_number" + op + "'" + row.get(2) + "'";
      case 3 -> "_partition_key IN ('" + row.get(3) + "', 'key-00')";
      case 4 -> "n" + op + random.nextInt(50) + (random.nextBoolean() ? ".5" : "");
      case 5 -> "customer.city" + op + "'c" + random.nextInt(4) + "'";
      default -> "_shard_id = '" + row.get(1) + "'";
    };
  }

  @Test
  void everyReferenceOfAStreamCounts() {
    String first =
        rows.stream().map(row -> row.get(0).toString()).sorted().findFirst().orElseThrow();
    String early = " WHERE _arrival_time <= TIMESTAMPTZ '" + first + "'";
    assertThat(cost(water.ask("SELECT count(*) FROM orders" + early)).filesRead()).isEqualTo(1);
    assertThat(
            cost(water.ask(
                    "SELECT count(*) FROM orders"
                        + early
                        + " AND id IN (SELECT id FROM orders_archive)"))
                .filesRead())
        .isEqualTo(4);
  }

  @Test
  void aReceiptIsAnsweredFromFewerFilesToo() {
    String receipt = water.ask("SELECT count(*) FROM orders").receipt();
    String statement = "SELECT count(*) FROM orders WHERE _partition_key = 'key-20'";
    Answer now = water.ask(statement);
    Answer then = water.ask(SqlRequest.of(statement).at(receipt));
    assertThat(then.rows).isEqualTo(now.rows).isEqualTo(List.of(List.of(3L)));
    assertThat(cost(then).filesRead()).isEqualTo(1);
  }
}
