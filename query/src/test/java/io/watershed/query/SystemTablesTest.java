package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.replays.ReplayKeys;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code watershed.*} say, against the reservoir's own metadata and objects. */
final class SystemTablesTest {
  @TempDir Path folder;

  @Test
  void shardsAndGapsDescribeTheCheckpoints() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 9);
      water.archive("orders");
      water.split("orders", "shardId-000000000000");
      water.archive("orders");
      assertThat(
              water.ask(
                      "SELECT shard_id, finished, parents FROM watershed.shards WHERE stream ="
                          + " 'orders' ORDER BY shard_id")
                  .rows)
          .containsExactly(
              row("shardId-000000000000", true, null),
              row("shardId-000000000001", false, null),
              row("shardId-000000000002", false, List.of("shardId-000000000000")),
              row("shardId-000000000003", false, List.of("shardId-000000000000")));
      assertThat(water.ask("SELECT * FROM watershed.gaps").rows).isEmpty();
      Answer times = water.ask("SELECT complete_through FROM watershed.shards LIMIT 1");
      assertThat(times.columns.get(0).type()).contains("TIME ZONE");
    }
  }

  @Test
  void theStatementsOfTheSqlPageRun() throws Exception {
    List<String> statements =
        Files.readAllLines(Path.of("..", "docs", "sql.md")).stream()
            .filter(line -> line.startsWith("    SELECT "))
            .map(String::strip)
            .toList();
    assertThat(statements).hasSizeGreaterThan(4);
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 3);
      water.archive("orders");
      for (String statement : statements) {
        assertThat(water.ask(statement).outcome).as(statement).isNotNull();
      }
    }
  }

  @Test
  void everyKeptSnapshotIsThereAndOneIsCurrent() throws Exception {
    try (Water water = new Water(folder, "orders", "empty")) {
      water.putOrders("orders", 1, 9);
      water.archive("orders");
      water.putOrders("orders", 10, 14);
      water.archive("orders");
      TableState state = water.reservoir.find("orders").orElseThrow().load();
      Answer all =
          water.ask(
              "SELECT stream, operation, added_records, total_records, generation, table_uuid,"
                  + " is_current, snapshot_id, parent_id FROM watershed.snapshots"
                  + " ORDER BY sequence_number");
      assertThat(all.rows).hasSize(4); // two commits each: the second finds nothing new
      assertThat(all.rows.stream().map(r -> r.get(0))).containsOnly("orders");
      assertThat(all.rows.stream().map(r -> r.get(1))).containsOnly("append");
      assertThat(all.rows.stream().map(r -> r.get(2))).containsExactly(9L, 0L, 5L, 0L);
      assertThat(all.rows.stream().map(r -> r.get(3))).containsExactly(9L, 9L, 14L, 14L);
      assertThat(all.rows.stream().map(r -> r.get(4)))
          .containsExactly(1L, 2L, 3L, state.generation());
      assertThat(all.rows.stream().map(r -> r.get(5))).containsOnly(state.tableUuid());
      assertThat(all.rows.stream().map(r -> r.get(6))).containsExactly(false, false, false, true);
      assertThat(all.rows.get(3).get(7)).isEqualTo(state.snapshotId().getAsLong());
      assertThat(all.rows.get(0).get(8)).isNull();
      assertThat(all.rows.get(3).get(8)).isEqualTo(all.rows.get(2).get(7));
      assertThat(
              water
                  .ask("SELECT metadata_version FROM watershed.snapshots WHERE is_current")
                  .single())
          .isEqualTo(state.metadataVersion());
    }
  }

  @Test
  void everyDataFileOfTheCurrentSnapshotIsThere() throws Exception {
    try (Water water = new Water(folder, "orders", "clicks")) {
      water.putOrders("orders", 1, 9);
      water.archive("orders");
      water.putOrders("orders", 10, 14);
      water.archive("orders");
      water.putOrders("clicks", 1, 3);
      water.archive("clicks");
      checkFiles(water, "orders");
      checkFiles(water, "clicks");
      assertThat(
              water.ask(
                      "SELECT f.records, s.added_records FROM watershed.files f JOIN"
                          + " watershed.snapshots s ON s.stream = f.stream AND s.snapshot_id ="
                          + " f.added_snapshot_id WHERE f.stream = 'orders' ORDER BY ALL")
                  .rows)
          .contains(row(5L, 5L), row(9L, 9L));
      assertThat(
              water.ask(
                      "SELECT min(first_arrival) = (SELECT min(_arrival_time) FROM orders),"
                          + " max(last_arrival) = (SELECT max(_arrival_time) FROM orders),"
                          + " min(row_groups) FROM watershed.files WHERE stream = 'orders'")
                  .rows)
          .containsExactly(row(true, true, 1L));
      for (int i = 15; i < 18; i++) {
        water.putOrders("orders", i, i);
        water.archive("orders");
      }
      compact(water);
      checkFiles(water, "orders");
      assertThat(
              water.ask(
                      "SELECT s.operation FROM watershed.files f JOIN watershed.snapshots s"
                          + " ON s.snapshot_id = f.added_snapshot_id WHERE f.stream = 'orders'")
                  .rows)
          .containsOnly(row("replace"));
    }
  }

  /** As if two days had passed: what is of today, or yesterday, is then of a closed day. */
  private static void compact(Water water) {
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    try (LocalMaintenance maintenance = new LocalMaintenance(water.reservoir, later)) {
      maintenance.run(
          "orders", PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
    }
  }

  private static void checkFiles(Water water, String stream) throws Exception {
    var table = water.reservoir.find(stream).orElseThrow();
    List<List<Object>> expected = new ArrayList<>();
    for (DataFileInfo file : table.files(table.load())) {
      Path path = water.reservoir.store().localPath(file.key()).orElseThrow();
      expected.add(row(file.key(), file.day(), file.rows(), Files.size(path)));
    }
    assertThat(expected).isNotEmpty();
    assertThat(
            water.ask(
                    "SELECT path, arrival_day, records, bytes FROM watershed.files WHERE stream ="
                        + " '"
                        + stream
                        + "'")
                .rows)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aDataFileIsNeverOpenedForThem() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 9);
      water.archive("orders");
      var table = water.reservoir.find("orders").orElseThrow();
      for (DataFileInfo file : table.files(table.load())) {
        Files.delete(water.reservoir.store().localPath(file.key()).orElseThrow());
      }
      assertThat(water.ask("SELECT sum(records) FROM watershed.files").single()).hasToString("9");
    }
  }

  @Test
  void replaysSayWhatTheLedgerHolds() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      String planned = "ab".repeat(32);
      String running = "cd".repeat(32);
      put(
          water,
          ReplayKeys.plan(planned),
          "{\"version\":1,\"stream\":\"orders\",\"receipt\":\"r1\",\"from\":"
              + "\"2026-01-01T00:00:00Z\",\"where\":\"n < 5\",\"target\":\"again\",\"records\":7,"
              + "\"payloadBytes\":70,\"oversize\":2}");
      put(
          water,
          ReplayKeys.plan(running),
          "{\"version\":1,\"stream\":\"clicks\",\"receipt\":\"r2\",\"target\":\"again\","
              + "\"records\":9,\"payloadBytes\":90,\"oversize\":0}");
      put(water, ReplayKeys.owner(running, 1), owner("ana", 1));
      put(water, ReplayKeys.owner(running, 2), owner("ben", 1));
      put(
          water,
          ReplayKeys.progress(running, 1, 4),
          progress(
              "PAUSED",
              1,
              3,
              ",\"user\":\"eve\",\"host\":\"box\",\"incarnation\":\"i\",\"shard\":\"s\","
                  + "\"position\":\"0009\",\"first\":{\"incarnation\":\"i\",\"shard\":\"s\","
                  + "\"position\":\"0007\"},\"target\":[{\"shard\":\"t\",\"first\":\"1\","
                  + "\"last\":\"2\"}]"));
      // Records 1 and 3 after the third are acknowledged too: bits 0 and 2.
      put(
          water,
          ReplayKeys.progress(running, 2, 1),
          progress("RUNNING", 2, 4, ",\"ahead\":\"BQ==\""));
      assertThat(
              water.ask(
                      "SELECT replay_id, stream, receipt, from_time, until_time, predicate, target,"
                          + " selected_records, oversize_records, selected_bytes, state, runs,"
                          + " acknowledged_records, skipped_records, possible_duplicates,"
                          + " order_violations, updated_at IS NULL FROM watershed.replays"
                          + " ORDER BY replay_id")
                  .rows)
          .containsExactly(
              row(
                  "abababababab",
                  "orders",
                  "r1",
                  Instant.parse("2026-01-01T00:00:00Z"),
                  null,
                  "n < 5",
                  "again",
                  7L,
                  2L,
                  70L,
                  "planned",
                  0L,
                  0L,
                  0L,
                  0L,
                  0L,
                  true),
              row(
                  "cdcdcdcdcdcd",
                  "clicks",
                  "r2",
                  null,
                  null,
                  null,
                  "again",
                  9L,
                  0L,
                  90L,
                  "running",
                  1L,
                  6L,
                  1L,
                  2L,
                  3L,
                  false));
      assertThat(
              water.ask(
                      "SELECT owners, started_by, started_at IS NULL, ended_at IS NULL, target_arn"
                          + " FROM watershed.replays ORDER BY replay_id")
                  .rows)
          .containsExactly(
              row(0L, null, true, true, null), row(2L, "ben@box", false, true, "arn:again"));
      String runs =
          "SELECT run, epoch, action, started_by, tool_version, state, requested_by,"
              + " acknowledged_records, source_incarnation, first_shard_id, first_position,"
              + " through_position, target_arn, target_shards FROM watershed.replay_runs"
              + " WHERE plan_hash = '"
              + running
              + "' ORDER BY epoch";
      assertThat(water.ask(runs).rows)
          .containsExactly(
              row(
                  1L,
                  1L,
                  "run",
                  "ana@box",
                  "1.0",
                  "paused",
                  "eve@box",
                  3L,
                  "i",
                  "s",
                  "0007",
                  "0009",
                  "arn:again",
                  1L),
              row(
                  1L,
                  2L,
                  "run",
                  "ben@box",
                  "1.0",
                  "running",
                  null,
                  6L,
                  null,
                  null,
                  null,
                  null,
                  "arn:again",
                  0L));
      put(water, ReplayKeys.owner(running, 3), owner("eve", 2)); // a second run, not begun yet
      assertThat(
              water.ask(
                      "SELECT runs, owners, state, acknowledged_records FROM watershed.replays"
                          + " WHERE plan_hash = '"
                          + running
                          + "'")
                  .rows)
          .containsExactly(row(2L, 1L, "running", 0L));
      put(water, ReplayKeys.plan("ef".repeat(32)), "no JSON");
      assertThatThrownBy(() -> water.ask("SELECT * FROM watershed.replays"))
          .hasMessageContaining("replays/efef");
      assertThat(water.ask("SELECT count(*) FROM watershed.files").single()).isEqualTo(0L);
    }
  }

  private static String owner(String user, long run) {
    return "{\"version\":1,\"owner\":\"x\",\"user\":\""
        + user
        + "\",\"host\":\"box\",\"tool\":\"1.0\",\"run\":"
        + run
        + ",\"action\":\"RUN\",\"target\":\"arn:again\"}";
  }

  private static String progress(String state, long epoch, long acknowledged, String more) {
    return "{\"version\":1,\"epoch\":"
        + epoch
        + ",\"number\":1,\"state\":\""
        + state
        + "\",\"acknowledged\":"
        + acknowledged
        + ",\"skipped\":1,\"orderViolations\":3,\"possibleDuplicates\":2"
        + more
        + "}";
  }

  private static void put(Water water, String key, String json) {
    water.reservoir.store().put(key, json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }
}
