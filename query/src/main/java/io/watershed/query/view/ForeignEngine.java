package io.watershed.query.view;

import java.util.List;

/** Another engine that reads archive tables, and can have the same view of one. */
public enum ForeignEngine {
  /** Amazon Athena, engine version 3 or later. */
  ATHENA("Amazon Athena (engine version 3)"),
  /** Apache Spark. */
  SPARK("Apache Spark"),
  /** Trino. */
  TRINO("Trino");

  private final String title;

  ForeignEngine(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  SelectDialect dialect() {
    return this == SPARK ? SelectDialect.SPARK : SelectDialect.TRINO;
  }

  /** The name that the table has in the engine, unless somebody says another. */
  String table(String stream) {
    return switch (this) {
      case ATHENA -> dialect().name(stream);
      case SPARK -> "watershed." + dialect().name(stream);
      case TRINO -> "iceberg.watershed." + dialect().name(stream);
    };
  }

  /** How the table gets that name, as lines for a comment. */
  List<String> setting(String stream, String root, String metadataFile) {
    String table = root + "/" + stream;
    return switch (this) {
      case ATHENA ->
          List.of(
              "The table is an EXTERNAL_TABLE of the Glue catalog with the parameters",
              "  table_type=ICEBERG, metadata_location=" + table + "/metadata/" + metadataFile,
              "It shows what was archived then; update metadata_location to see more, or let",
              "'catalog: glue' in watershed.yaml do that after each commit.");
      case SPARK ->
          List.of(
              "The catalog 'watershed' is the reservoir itself, and always up to date:",
              "  spark.sql.catalog.watershed=org.apache.iceberg.spark.SparkCatalog",
              "  spark.sql.catalog.watershed.type=hadoop",
              "  spark.sql.catalog.watershed.warehouse=" + root);
      case TRINO ->
          List.of(
              "The table is registered, and shows what was archived then; register it again to see"
                  + " more:",
              "  CALL iceberg.system.register_table(schema_name => 'watershed', table_name => '"
                  + stream
                  + "',",
              "    table_location => '"
                  + table
                  + "', metadata_file_name => '"
                  + metadataFile
                  + "')");
    };
  }
}
