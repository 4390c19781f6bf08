package io.watershed.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cluster.HiveTables.HiveStream;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiveTablesTest {
  private static PayloadColumn column(String key, ColumnType type, PayloadColumn... members) {
    return new PayloadColumn(key, type, key, 1, List.of(members));
  }

  @Test
  void anArchiveIsAnIcebergTableThatDroppingDoesNotPurge() {
    String sql =
        HiveTables.of(
            "watershed",
            List.of(
                new HiveStream(
                    "Shop-Orders", "shop-orders", "s3://b/r/Shop-Orders", PayloadSchema.EMPTY)));
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
    String sql = HiveTables.of("w", List.of(new HiveStream("o", "it's", "", schema)));
    assertThat(sql)
        .contains("`amount` DOUBLE")
        .contains("`customer` STRUCT<`id`:BIGINT>")
        .contains("`odd``name` STRING")
        .contains("JsonSerDe")
        .contains("'it\\'s'")
        .doesNotContain("o_archive");
  }
}
