package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.query.RecordScan.Totals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedScanTest {
  @TempDir Path folder;

  @Test
  void recordsComeInLineageOrderOverArchiveSplitAndSeam() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      fill(water);
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        List<StreamRecord> records = all(scan.records());
        assertThat(records).hasSize(120);
        assertThat(scan.shards().stream().map(ShardKey::shardId))
            .containsExactly(
                "shardId-000000000000",
                "shardId-000000000001",
                "shardId-000000000002",
                "shardId-000000000003");
        assertInOrder(scan, records);
        // Per key, the order in which they were put.
        for (int key = 0; key < 7; key++) {
          String name = "user-" + key;
          List<Integer> ids =
              records.stream().filter(r -> r.partitionKey().equals(name)).map(this::id).toList();
          assertThat(ids).isSorted();
        }
        long bytes = records.stream().mapToLong(r -> r.payload().length).sum();
        long largest = records.stream().mapToLong(r -> r.payload().length).max().orElseThrow();
        assertThat(scan.totals()).isEqualTo(new Totals(120, bytes, largest));
        // The same again, and again after it was archived.
        assertThat(texts(all(scan.records()))).isEqualTo(texts(records));
        water.archive("orders");
        water.putOrders("orders", 121, 130);
        try (RecordScan later =
            water.engine.scan(ScanRequest.of("orders").at(scan.receipt().id()))) {
          assertThat(texts(all(later.records()))).isEqualTo(texts(records));
          assertThat(later.totals()).isEqualTo(scan.totals());
        }
      }
    }
  }

  @Test
  void aScanGoesOnAfterAnyOfItsRecords() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      fill(water);
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        List<StreamRecord> records = all(scan.records());
        for (int done = 0; done < records.size(); done += 17) {
          StreamRecord last = records.get(done);
          List<StreamRecord> rest =
              all(scan.records(Optional.of(new ScanPosition(last.shard(), last.position()))));
          assertThat(texts(rest)).isEqualTo(texts(records.subList(done + 1, records.size())));
        }
      }
    }
  }

  @Test
  void aPredicateAndTimesSelectAndNeverReachBeyond() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      fill(water);
      try (RecordScan scan =
          water.engine.scan(ScanRequest.of("orders").where("id % 10 = 3 AND orders.amount > 20"))) {
        assertThat(all(scan.records()).stream().map(this::id).sorted())
            .containsExactly(23, 33, 43, 53, 63, 73, 83, 93, 103, 113);
        assertThat(scan.totals().records()).isEqualTo(10);
      }
      StreamRecord middle;
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders").where("id = 60"))) {
        middle = all(scan.records()).get(0);
      }
      try (RecordScan scan =
          water.engine.scan(
              ScanRequest.of("orders")
                  .between(middle.arrivalTime(), middle.arrivalTime().plusMillis(1))
                  .where("id = 60 OR true"))) {
        assertThat(all(scan.records()))
            .isNotEmpty()
            .allMatch(r -> r.arrivalTime().equals(middle.arrivalTime()));
      }
      // What looks like an escape stays inside the brackets of its own subquery.
      try (RecordScan scan =
          water.engine.scan(
              ScanRequest.of("orders")
                  .between(middle.arrivalTime(), middle.arrivalTime().plusMillis(1))
                  .where("id = 60) OR (true"))) {
        assertThat(all(scan.records())).allMatch(r -> r.arrivalTime().equals(middle.arrivalTime()));
      }
      assertThatThrownBy(
              () -> water.engine.scan(ScanRequest.of("orders").where("id IN (SELECT 1 FROM t)")))
          .isInstanceOf(WatershedException.class);
    }
  }

  @Test
  void shardsAndPositionsSelectAndExpressionsAreComputed() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      fill(water);
      List<StreamRecord> records;
      try (RecordScan scan = water.engine.scan(ScanRequest.of("orders"))) {
        records = all(scan.records());
      }
      String first = "shardId-000000000000";
      List<StreamRecord> ofFirst =
          records.stream().filter(r -> r.shard().shardId().equals(first)).toList();
      StreamRecord start = ofFirst.get(ofFirst.size() / 2);
      ScanRequest fromThere =
          ScanRequest.of("orders")
              .select(RecordSelection.ALL.startingAt(Map.of(first, start.position())));
      try (RecordScan scan = water.engine.scan(fromThere)) {
        List<StreamRecord> rest = all(scan.records());
        // Its own rest, the position included, and the two shards that it was split into.
        assertThat(texts(rest))
            .isEqualTo(
                texts(
                    records.stream()
                        .filter(r -> !r.shard().shardId().endsWith("1"))
                        .filter(
                            r ->
                                !r.shard().equals(start.shard())
                                    || r.position().compareTo(start.position()) >= 0)
                        .toList()));
        assertThat(scan.totals().records()).isEqualTo(rest.size());
      }
      ScanRequest oneShard =
          ScanRequest.of("orders")
              .select(RecordSelection.ALL.ofShards(Set.of(first)))
              .computing(List.of("id * 2", "CASE WHEN id > 5 THEN _partition_key END"));
      try (RecordScan scan = water.engine.scan(oneShard)) {
        List<ScannedRecord> rows = new ArrayList<>();
        scan.rows(Optional.empty()).forEachRemaining(rows::add);
        assertThat(texts(rows.stream().map(ScannedRecord::record).toList()))
            .isEqualTo(texts(ofFirst));
        assertThat(rows)
            .allSatisfy(
                row -> {
                  int id = id(row.record());
                  assertThat(row.values().get(0)).hasValue(String.valueOf(2 * id));
                  assertThat(row.values().get(1))
                      .isEqualTo(
                          id > 5 ? Optional.of(row.record().partitionKey()) : Optional.empty());
                });
        RecordScan.Extent extent = scan.extent().orElseThrow();
        assertThat(extent.firstKey())
            .isEqualTo(
                ofFirst.stream().map(StreamRecord::partitionKey).sorted().findFirst().orElse(""));
        assertThat(extent.lastArrival())
            .isEqualTo(
                ofFirst.stream()
                    .map(StreamRecord::arrivalTime)
                    .max(Instant::compareTo)
                    .orElseThrow());
      }
      assertThatThrownBy(
              () ->
                  water.engine.scan(
                      ScanRequest.of("orders")
                          .select(RecordSelection.ALL.ofShards(Set.of("shardId-9")))))
          .isInstanceOf(WatershedException.class)
          .hasMessageContaining("shardId-9");
    }
  }

  /** Several commits, a split, and a live tail: ids 1 to 120. */
  private static void fill(Water water) throws Exception {
    water.putOrders("orders", 1, 40);
    water.archiver.commit("orders", water.source("orders"), 11, SchemaSettings.DEFAULTS, List.of());
    water.archiver.commit("orders", water.source("orders"), 7, SchemaSettings.DEFAULTS, List.of());
    water.putOrders("orders", 41, 60);
    water.split("orders", "shardId-000000000000");
    water.putOrders("orders", 61, 80);
    water.archive("orders");
    water.putOrders("orders", 81, 120);
  }

  private static void assertInOrder(RecordScan scan, List<StreamRecord> records) {
    for (int i = 1; i < records.size(); i++) {
      StreamRecord a = records.get(i - 1);
      StreamRecord b = records.get(i);
      int shards = scan.shards().indexOf(b.shard()) - scan.shards().indexOf(a.shard());
      assertThat(shards).isGreaterThanOrEqualTo(0);
      if (shards == 0) {
        assertThat(b.position()).isGreaterThan(a.position());
      }
    }
  }

  private static List<StreamRecord> all(Iterator<StreamRecord> records) {
    List<StreamRecord> all = new ArrayList<>();
    records.forEachRemaining(all::add);
    return all;
  }

  private static List<String> texts(List<StreamRecord> records) {
    return records.stream()
        .map(
            r ->
                r
                    + " "
                    + r.partitionKey()
                    + " "
                    + r.arrivalTime()
                    + " "
                    + new String(r.payload(), StandardCharsets.UTF_8))
        .toList();
  }

  private int id(StreamRecord record) {
    String text = new String(record.payload(), StandardCharsets.UTF_8);
    return Integer.parseInt(text.substring(6, text.indexOf(',')));
  }
}
