package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings.HiveHandler;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Statements that make archives and streams known in Hive's metastore. They can run again: a table
 * of Hive's is only a name here, so it is dropped and made anew.
 */
public final class HiveTables {
  private static final String WATERSHED = "io.watershed.hive.WatershedStorageHandler";
  private static final String ICEBERG = "org.apache.iceberg.mr.hive.HiveIcebergStorageHandler";
  private static final String EMR_KINESIS = "com.amazon.emr.kinesis.hive.KinesisStorageHandler";
  private static final String JSON = "org.apache.hive.hcatalog.data.JsonSerDe";

  private HiveTables() {}

  /**
   * A stream to make known.
   *
   * @param name in the reservoir
   * @param streamName in Kinesis
   * @param isConfigured whether the configuration names it, so that its live side can be read
   * @param location of the archive, as the cluster reaches it; empty if nothing is archived
   * @param schema the archive's payload columns
   */
  public record HiveStream(
      String name, String streamName, boolean isConfigured, String location, PayloadSchema schema) {
    boolean isArchived() {
      return !location.isEmpty();
    }
  }

  /**
   * All statements, one a line or more, each ended by a semicolon.
   *
   * @param database they are made in; made, too
   * @param handler what reads streams
   */
  public static String of(String database, HiveHandler handler, List<HiveStream> streams) {
    List<String> lines = new ArrayList<>();
    if (handler == HiveHandler.WATERSHED) {
      // Where Hive has it already, once more does no harm.
      lines.add("ADD JAR " + ClusterResources.HIVE_JAR_ON_NODES + ";");
    }
    lines.add("CREATE DATABASE IF NOT EXISTS " + name(database) + ";");
    lines.add("USE " + name(database) + ";");
    for (HiveStream stream : streams) {
      if (stream.isArchived()) {
        lines.addAll(archive(stream));
      }
      if (handler == HiveHandler.EMR) {
        lines.addAll(byEmr(stream));
      } else {
        lines.addAll(cut(stream, "", "all"));
        if (stream.isConfigured()) {
          lines.addAll(cut(stream, "_live", "live"));
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> archive(HiveStream stream) {
    String table = name(table(stream) + "_archive");
    return List.of(
        "DROP TABLE IF EXISTS " + table + ";",
        "CREATE EXTERNAL TABLE " + table,
        "STORED BY '" + ICEBERG + "'",
        "LOCATION " + text(stream.location()),
        // Dropping the name never drops the archive.
        "TBLPROPERTIES ('iceberg.catalog'='location_based_table', 'external.table.purge'='false');");
  }

  /** Columns are left to the handler, which takes those of the stream's view. */
  private static List<String> cut(HiveStream stream, String suffix, String side) {
    String table = name(table(stream) + suffix);
    return List.of(
        "DROP TABLE IF EXISTS " + table + ";",
        "CREATE EXTERNAL TABLE " + table,
        "STORED BY '" + WATERSHED + "'",
        "TBLPROPERTIES ('watershed.config'="
            + text(ClusterResources.CONFIG_ON_NODES)
            + ", 'watershed.stream'="
            + text(stream.name())
            + ", 'watershed.side'='"
            + side
            + "');");
  }

  /** Amazon's connector reads payloads only, through a SerDe, and has no positions. */
  private static List<String> byEmr(HiveStream stream) {
    String table = name(table(stream) + "_stream");
    List<String> columns = new ArrayList<>();
    for (PayloadColumn column : stream.schema().columns()) {
      columns.add("  " + name(column.key()) + " " + type(column));
    }
    List<String> lines = new ArrayList<>();
    lines.add("DROP TABLE IF EXISTS " + table + ";");
    lines.add(
        "CREATE EXTERNAL TABLE "
            + table
            + (columns.isEmpty() ? " (" + name("payload") + " STRING)" : " ("));
    if (!columns.isEmpty()) {
      lines.add(String.join(",\n", columns) + ")");
      lines.add("ROW FORMAT SERDE '" + JSON + "'");
    }
    lines.add("STORED BY '" + EMR_KINESIS + "'");
    lines.add("TBLPROPERTIES ('kinesis.stream.name'=" + text(stream.streamName()) + ");");
    return lines;
  }

  private static String type(PayloadColumn column) {
    return switch (column.type()) {
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case TEXT, JSON -> "STRING";
      case STRUCT -> {
        List<String> members = new ArrayList<>();
        column.children().forEach(member -> members.add(name(member.key()) + ":" + type(member)));
        yield "STRUCT<" + String.join(",", members) + ">";
      }
    };
  }

  /** Hive's names are of small letters, digits and underscores. */
  private static String table(HiveStream stream) {
    return stream.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
  }

  private static String name(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
