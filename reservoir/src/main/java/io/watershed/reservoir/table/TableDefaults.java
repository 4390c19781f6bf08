package io.watershed.reservoir.table;

import io.watershed.core.record.SystemColumn;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.TableProperties;

/** The Iceberg properties of a new archive table, and why. */
final class TableDefaults {
  private TableDefaults() {}

  static Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    properties.put(TableProperties.FORMAT_VERSION, "2"); // Drill 1.22 and Athena read no newer one
    // Two writers with two codecs would create two names, and both would win.
    properties.put(TableProperties.METADATA_COMPRESSION, "none");
    // ArchiveTable retries by itself: Iceberg's own retry would apply properties unchecked.
    properties.put(TableProperties.COMMIT_NUM_RETRIES, "0");
    properties.put(TableProperties.DEFAULT_FILE_FORMAT, "parquet");
    // Manifests are in the order of time and are read whole: a statement over an hour of a large
    // archive reads one, and of Iceberg's 8 MB it would want a few entries in 30,000.
    properties.put(TableProperties.MANIFEST_TARGET_SIZE_BYTES, Long.toString(1L << 20));
    // Counts for every column say which ones a file holds; bounds only where they prune. Iceberg's
    // default cuts text at 16 characters, which is useless for sequence numbers.
    properties.put(TableProperties.DEFAULT_WRITE_METRICS_MODE, "counts");
    metrics(properties, SystemColumn.INCARNATION, "full");
    metrics(properties, SystemColumn.SHARD_ID, "full");
    metrics(properties, SystemColumn.SEQUENCE_NUMBER, "full");
    metrics(properties, SystemColumn.ARRIVAL_TIME, "full");
    metrics(properties, SystemColumn.PARTITION_KEY, "truncate(64)");
    metrics(properties, SystemColumn.PAYLOAD, "counts");
    properties.putAll(BookkeepingProperties.write(Bookkeeping.EMPTY, java.util.Optional.empty()));
    return properties;
  }

  private static void metrics(Map<String, String> properties, SystemColumn column, String mode) {
    properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column.columnName(), mode);
  }
}
