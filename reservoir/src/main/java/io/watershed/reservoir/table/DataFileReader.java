package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SystemColumn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.Type;

/**
 * Looks into a new data file before it is committed: what its footer says of rows, column bounds
 * and sums. A file that contradicts the table is refused here, where nothing is lost yet.
 */
final class DataFileReader {
  private final Schema schema;
  private final MetricsConfig metricsConfig;

  DataFileReader(TableMetadata table) {
    this.schema = table.schema();
    this.metricsConfig = MetricsConfig.from(table.properties(), table.schema(), table.sortOrder());
  }

  /**
   * Reads and checks one file.
   *
   * @throws WatershedException {@code integrity}
   */
  Inspected inspect(NewDataFile file) {
    ParquetMetadata footer = ParquetFooter.read(file.file());
    Map<String, String> keyValues = footer.getFileMetaData().getKeyValueMetaData();
    String sums = keyValues.get(FileSums.FOOTER_KEY);
    if (sums == null) {
      throw refused(file, "its footer has no " + FileSums.FOOTER_KEY);
    }
    for (Type column : footer.getFileMetaData().getSchema().getFields()) {
      checkColumn(file, column);
    }
    for (SystemColumn column : SystemColumn.all()) {
      if (column.required()
          && !footer.getFileMetaData().getSchema().containsField(column.columnName())) {
        throw refused(file, "it lacks the column " + column.columnName());
      }
    }
    Metrics metrics = ParquetUtil.footerMetrics(footer, Stream.empty(), metricsConfig);
    if (metrics.recordCount() != file.rows()) {
      throw refused(file, "it has " + metrics.recordCount() + " rows instead of " + file.rows());
    }
    checkDay(file, metrics);
    return new Inspected(
        metrics,
        FileSums.parse(sums),
        footer.getBlocks().stream().map(block -> block.getStartingPos()).sorted().toList());
  }

  /** Readers find columns by field id or by name: both must lead to the same one. */
  private void checkColumn(NewDataFile file, Type column) {
    if (column.getId() == null) {
      throw refused(file, "its column '" + column.getName() + "' has no field id");
    }
    NestedField field = schema.findField(column.getId().intValue());
    if (field == null || !field.name().equals(column.getName())) {
      throw refused(
          file,
          "its column '"
              + column.getName()
              + "' has field id "
              + column.getId().intValue()
              + ", which is "
              + (field == null ? "no column" : "'" + field.name() + "'")
              + " of the table");
    }
  }

  private void checkDay(NewDataFile file, Metrics metrics) {
    if (file.rows() == 0) {
      return; // a commit that only skipped copies still has a range and its count (PROTOCOL 3.7)
    }
    int id = SystemColumn.ARRIVAL_TIME.fieldId();
    if (metrics.lowerBounds().get(id) == null || metrics.upperBounds().get(id) == null) {
      throw refused(file, "its footer has no bounds of the arrival time");
    }
    LocalDate first = day(metrics.lowerBounds().get(id));
    LocalDate last = day(metrics.upperBounds().get(id));
    if (!first.equals(file.day()) || !last.equals(file.day())) {
      throw refused(
          file, "it holds arrivals of " + first + " to " + last + ", not only of " + file.day());
    }
  }

  private static LocalDate day(java.nio.ByteBuffer bound) {
    Long micros = Conversions.fromByteBuffer(Types.TimestampType.withZone(), bound);
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static WatershedException refused(NewDataFile file, String why) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The data file " + file.file().getFileName() + " was not committed: " + why,
        "Report this: the encoder and the table disagree.");
  }

  /**
   * What a file's footer says.
   *
   * @param metrics Iceberg's column bounds and counts
   * @param sums ours
   * @param splitOffsets where its row groups start, in bytes
   */
  record Inspected(Metrics metrics, FileSums sums, java.util.List<Long> splitOffsets) {}
}
