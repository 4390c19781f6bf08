package io.watershed.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cluster.HiveTables.HiveStream;
import io.watershed.core.config.ClusterSettings.HiveHandler;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiveTablesTest {
  private static String byEmr(HiveStream stream) {
    return HiveTables.of("watershed", HiveHandler.EMR, List.of(stream));
  }

  private static PayloadColumn column(String key, ColumnType type, PayloadColumn... members) {
    return new PayloadColumn(key, type, key, 1, List.of(members));
  }

  @Test
  void anArchiveIsAnIcebergTableThatDroppingDoesNotPurge() {
    String sql =
        byEmr(
            new HiveStream(
                "Shop-Orders", "shop-orders", true, "s3://b/r/Shop-Orders", PayloadSchema.EMPTY));
    assertThat(sql)
        .contains("CREATE DATABASE IF NOT EXISTS `watershed`;")
        .contains("CREATE EXTERNAL TABLE `shop_orders_archive`")
        .contains("LOCATION 's3://b/r/Shop-Orders'")
        .contains("'external.table.purge'='false'")
        .contains("'kinesis.stream.name'='shop-orders'");
  }

  @Test
  void aStreamHasTheColumnsOfItsPayloads() {
    PayloadSchema schema =
        new PayloadSchema(
            List.of(
                column("amount", ColumnType.DOUBLE),
                column("customer", ColumnType.STRUCT, column("id", ColumnType.LONG)),
                column("odd`name", ColumnType.JSON)));
    String sql = byEmr(new HiveStream("o", "it's", true, "", schema));
    assertThat(sql)
        .contains("`amount` DOUBLE")
        .contains("`customer` STRUCT<`id`:BIGINT>")
        .contains("`odd``name` STRING")
        .contains("JsonSerDe")
        .contains("'it\\'s'")
        .doesNotContain("o_archive");
  }

  @Test
  void aStreamIsATableOfItsCutAndOneOfItsLiveSide() {
    HiveStream orders =
        new HiveStream("Shop-Orders", "shop-orders", true, "s3://b/r/o", PayloadSchema.EMPTY);
    HiveStream old = new HiveStream("old", "old", false, "s3://b/r/old", PayloadSchema.EMPTY);
    String sql = HiveTables.of("watershed", HiveHandler.WATERSHED, List.of(orders, old));
    assertThat(sql)
        .startsWith("ADD JAR /opt/watershed-hive/watershed-hive.jar;")
        .contains("CREATE EXTERNAL TABLE `shop_orders_archive`")
        .contains(
            "CREATE EXTERNAL TABLE `shop_orders`\n"
                + "STORED BY 'io.watershed.hive.WatershedStorageHandler'\n"
                + "TBLPROPERTIES ('watershed.config'='/opt/watershed-drill/conf/watershed.json',"
                + " 'watershed.stream'='Shop-Orders', 'watershed.side'='all');")
        .contains("CREATE EXTERNAL TABLE `shop_orders_live`")
        .contains("'watershed.side'='live'")
        .contains("CREATE EXTERNAL TABLE `old`\n")
        .doesNotContain("`old_live`", "kinesis.stream.name");
  }
}
