package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cli.demo.ShopEvents;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Statements over the demo's orders and clicks, archived while shards split and merge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DemoStatements {
  private static final int ORDERS = 210;

  private Pond pond;
  private SecondReader reader;

  /** The engine to compare with. */
  abstract OtherEngine otherEngine(Pond pond) throws Exception;

  @BeforeAll
  void archive(@TempDir Path folder) throws Exception {
    pond = new Pond(folder, "orders", "clicks");
    ShopEvents shop = new ShopEvents(7);
    for (int shards : new int[] {2, 4, 2}) {
      pond.kinesis.scaleTo("orders", shards);
      shop.put(pond.kinesis, ORDERS / 3);
      pond.archive("orders");
      pond.archive("clicks");
    }
    pond.compact("clicks");
    reader = new SecondReader(pond, otherEngine(pond), "orders", "clicks");
  }

  @AfterAll
  void close() throws Exception {
    reader.close();
    pond.close();
  }

  @Test
  void everyColumnOfEveryRecord() throws Exception {
    reader.same("SELECT * FROM orders_archive");
    reader.same("SELECT * FROM clicks_archive");
    assertThat(reader.rows()).isGreaterThanOrEqualTo(3L * ORDERS);
  }

  @Test
  void counts() throws Exception {
    reader.same(
        "SELECT COUNT(*), COUNT(gift_note), COUNT(DISTINCT customer_id), COUNT(DISTINCT product)"
            + " FROM orders_archive");
  }

  @Test
  void bounds() throws Exception {
    reader.same(
        "SELECT MIN(amount), MAX(amount), MIN(order_id), MAX(order_id), MIN(quantity),"
            + " MAX(quantity), MIN(_arrival_time), MAX(_arrival_time), MIN(_sequence_number),"
            + " MAX(_sequence_number) FROM orders_archive");
  }

  @Test
  void groupsWithSums() throws Exception {
    reader.same(
        "SELECT status, product, COUNT(*), SUM(quantity),"
            + " SUM(CAST(ROUND(amount * 100) AS BIGINT)) FROM orders_archive"
            + " GROUP BY status, product");
  }

  @Test
  void groupsByAMemberWithHaving() throws Exception {
    reader.same(
        "SELECT o.shipping.country, o.shipping.express, COUNT(*) FROM orders_archive o"
            + " GROUP BY o.shipping.country, o.shipping.express HAVING COUNT(*) > 10");
  }

  @Test
  void filtersOnEachType() throws Exception {
    reader.same("SELECT order_id FROM orders_archive WHERE quantity = 2");
    reader.same("SELECT order_id FROM orders_archive WHERE amount > 100.5");
    reader.same("SELECT order_id FROM orders_archive WHERE status <> 'paid'");
    reader.same("SELECT order_id FROM orders_archive WHERE gift_note IS NOT NULL");
    reader.same("SELECT order_id FROM orders_archive o WHERE o.shipping.express");
    reader.same("SELECT order_id FROM orders_archive o WHERE o.shipping.city = 'Gdańsk'");
    reader.same("SELECT order_id FROM orders_archive WHERE order_id LIKE 'o-00000_7'");
    reader.same("SELECT order_id FROM orders_archive WHERE product IN ('lamp', 'teapot')");
    reader.same("SELECT order_id FROM orders_archive WHERE quantity BETWEEN 2 AND 3");
    reader.same(
        "SELECT click_id FROM clicks_archive c WHERE c.device.width < 500 AND NOT"
            + " (millis_on_page < 30000 OR c.device.kind = 'phone')");
  }

  @Test
  void filtersOnPositionAndBytes() throws Exception {
    String some =
        reader.some("SELECT _sequence_number FROM orders_archive ORDER BY 1", 100).get(99);
    reader.same("SELECT order_id FROM orders_archive WHERE _sequence_number >= '" + some + "'");
    reader.same("SELECT COUNT(*), COUNT(DISTINCT _payload) FROM orders_archive");
  }

  @Test
  void orders() throws Exception {
    reader.sameInOrder(
        "SELECT order_id, amount FROM orders_archive ORDER BY amount DESC, order_id LIMIT 25");
    reader.sameInOrder(
        "SELECT order_id FROM orders_archive ORDER BY gift_note NULLS FIRST, order_id LIMIT 25"
            + " OFFSET 5");
    reader.sameInOrder(
        "SELECT _shard_id, _sequence_number, _sub_sequence_number FROM orders_archive"
            + " ORDER BY _shard_id, _sequence_number, _sub_sequence_number");
  }

  @Test
  void joins() throws Exception {
    reader.same(
        "SELECT o.product, COUNT(DISTINCT o.order_id), COUNT(DISTINCT c.click_id)"
            + " FROM orders_archive o JOIN clicks_archive c ON o.customer_id = c.customer_id"
            + " AND o.product = c.product GROUP BY o.product");
    reader.same(
        "SELECT o.order_id, c.click_id FROM orders_archive o LEFT JOIN clicks_archive c ON"
            + " o.customer_id = c.customer_id AND o.product = c.product AND c.device.width > 1500");
    reader.same(
        "SELECT COUNT(*) FROM orders_archive a JOIN orders_archive b"
            + " ON a._partition_key = b._partition_key AND a.order_id < b.order_id");
  }

  @Test
  void subqueriesAndSets() throws Exception {
    reader.same(
        "SELECT order_id FROM orders_archive WHERE amount ="
            + " (SELECT MAX(amount) FROM orders_archive)");
    reader.same(
        "SELECT customer_id FROM orders_archive EXCEPT SELECT customer_id FROM clicks_archive");
    reader.same(
        "SELECT customer_id FROM orders_archive UNION SELECT customer_id FROM clicks_archive");
    reader.same(
        "SELECT DISTINCT o.customer_id FROM orders_archive o WHERE EXISTS (SELECT 1 FROM"
            + " clicks_archive c WHERE c.customer_id = o.customer_id AND c.device.kind ="
            + " 'tablet')");
    reader.same(
        "WITH big AS (SELECT * FROM orders_archive WHERE amount > 200)"
            + " SELECT a.order_id, b.order_id FROM big a JOIN big b"
            + " ON a.customer_id = b.customer_id WHERE a.order_id <> b.order_id");
  }

  @Test
  void theLastRecordOfEachKey() throws Exception {
    reader.same(
        "SELECT _partition_key, order_id, _payload FROM (SELECT _partition_key, order_id, _payload,"
            + " ROW_NUMBER() OVER (PARTITION BY _partition_key"
            + " ORDER BY placed_at DESC, order_id DESC) AS n FROM orders_archive) AS ranked"
            + " WHERE n = 1");
  }

  @Test
  void windowsAndConditions() throws Exception {
    reader.same(
        "SELECT order_id, SUM(quantity) OVER (PARTITION BY customer_id ORDER BY order_id ROWS"
            + " BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far,"
            + " CASE WHEN amount > 100 THEN 3 WHEN amount > 20 THEN 2 ELSE 1 END"
            + " AS class_of FROM orders_archive");
  }
}
