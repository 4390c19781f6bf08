package io.watershed.archive.encode;

import io.watershed.core.config.EncoderSettings;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** DuckDB's COPY statement for an archive file. */
final class CopySql {
  /** The member of a struct's FIELD_IDS that is the struct's own id. */
  private static final String OWN_ID = "__duckdb_field_id";

  private CopySql() {}

  static String of(
      String select, PayloadSchema schema, EncoderSettings settings, int rowGroupRows, Path file) {
    List<String> options =
        List.of(
            "FORMAT parquet",
            // Version 1 pages: what every reader of the last ten years knows.
            "PARQUET_VERSION V1",
            "COMPRESSION zstd",
            "COMPRESSION_LEVEL " + settings.zstdLevel(),
            "ROW_GROUP_SIZE " + rowGroupRows,
            "DATA_PAGE_SIZE_LIMIT " + settings.dataPageBytes(),
            // Room for a dictionary is taken in advance, for each column.
            "DICTIONARY_SIZE_LIMIT " + Math.min(settings.dictionaryEntries(), rowGroupRows),
            "USE_TMP_FILE false",
            "FIELD_IDS " + fieldIds(schema));
    return "COPY ("
        + select
        + ") TO "
        + SqlText.literal(file.toString())
        + " ("
        + String.join(", ", options)
        + ")";
  }

  private static String fieldIds(PayloadSchema schema) {
    List<String> ids = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      ids.add(SqlText.name(column.columnName()) + ": " + column.fieldId());
    }
    schema.columns().forEach(column -> ids.add(fieldId(column)));
    return "{" + String.join(", ", ids) + "}";
  }

  private static String fieldId(PayloadColumn column) {
    if (column.fieldId() <= 0) {
      throw new IllegalArgumentException("column " + column.name() + " has no field id");
    }
    String name = SqlText.name(column.name());
    if (column.type() != ColumnType.STRUCT) {
      return name + ": " + column.fieldId();
    }
    List<String> ids = new ArrayList<>();
    ids.add(OWN_ID + ": " + column.fieldId());
    column.children().forEach(member -> ids.add(fieldId(member)));
    return name + ": {" + String.join(", ", ids) + "}";
  }
}
