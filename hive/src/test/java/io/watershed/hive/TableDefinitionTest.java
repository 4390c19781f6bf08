package io.watershed.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.hadoop.hive.ql.plan.TableDesc;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when a table is made, with Hive 3.1.3's own classes. */
class TableDefinitionTest {
  @TempDir Path folder;

  private Properties properties(String... namesAndValues) throws Exception {
    Path config = folder.resolve("watershed.yaml");
    Files.writeString(
        config,
        """
        reservoir: %s
        streams:
          orders: {columns: {id: long, customer: {city: text}}}
        """
            .formatted(folder.resolve("reservoir")));
    Properties properties = new Properties();
    properties.setProperty("watershed.config", config.toString());
    properties.setProperty("watershed.stream", "orders");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }

  private static String columns(Properties properties) throws SerDeException {
    WatershedSerDe serde = new WatershedSerDe();
    serde.initialize(new Configuration(false), properties, null);
    return serde.getObjectInspector().getTypeName();
  }

  @Test
  void withoutColumnsItHasThoseThatTheStreamDeclares() throws Exception {
    assertThat(columns(properties()))
        .startsWith("struct<_incarnation:string,_shard_id:string,")
        .contains("_arrival_time:timestamp", "_payload:binary")
        .endsWith("id:bigint,customer:struct<city:string>>");
  }

  @Test
  void declaredColumnsAreKeptAndSystemColumnsHaveTheirTypes() throws Exception {
    assertThat(columns(properties("columns", "id,_payload", "columns.types", "double:binary")))
        .isEqualTo("struct<id:double,_payload:binary>");
    assertThatThrownBy(() -> columns(properties("columns", "_payload", "columns.types", "string")))
        .isInstanceOf(SerDeException.class)
        .hasMessageContaining("the column _payload is declared as string It is binary.");
  }

  @Test
  void aJobKnowsTheTableAndItsColumns() throws Exception {
    TableDesc table = new TableDesc();
    table.setProperties(properties("columns", "id", "columns.types", "bigint"));
    Map<String, String> job = new HashMap<>();
    new WatershedStorageHandler().configureInputJobProperties(table, job);
    Configuration conf = new Configuration(false);
    job.forEach(conf::set);
    assertThat(TableSettings.of(conf::get).side()).isEqualTo(TableSettings.Side.ALL);
    assertThat(ReadColumns.of(conf).names()).containsExactly("id");
  }

  @Test
  void onlyAnExternalTableWithoutPartitionsCanBeMade() throws Exception {
    Table table = table("EXTERNAL_TABLE");
    new WatershedMetaHook().preCreateTable(table);
    assertThat(table.getParameters()).containsEntry("DO_NOT_UPDATE_STATS", "true");
    assertRefused(table("MANAGED_TABLE"), "CREATE EXTERNAL TABLE");
    Table partitioned = table("EXTERNAL_TABLE");
    partitioned.setPartitionKeys(List.of(new FieldSchema("day", "string", "")));
    assertRefused(partitioned, "has partitions");
    Table aimless = table("EXTERNAL_TABLE");
    aimless.getParameters().remove("watershed.stream");
    assertRefused(aimless, "no property 'watershed.stream'");
    assertThatThrownBy(() -> new WatershedMetaHook().preInsertTable(table, false))
        .isInstanceOf(MetaException.class)
        .hasMessageContaining("cannot be written");
  }

  private static void assertRefused(Table table, String why) {
    assertThatThrownBy(() -> new WatershedMetaHook().preCreateTable(table))
        .isInstanceOf(MetaException.class)
        .hasMessageContaining(why);
  }

  private static Table table(String type) {
    Table table = new Table();
    table.setTableName("orders");
    table.setTableType(type);
    table.setPartitionKeys(List.of());
    Map<String, String> parameters = new HashMap<>();
    parameters.put("watershed.config", "/c");
    parameters.put("watershed.stream", "orders");
    table.setParameters(parameters);
    return table;
  }
}
