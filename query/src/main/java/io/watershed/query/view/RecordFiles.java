package io.watershed.query.view;

import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.RecordTable;
import io.watershed.duckdb.SqlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Records in memory as Parquet files of a statement, with the columns that it reads. A user's
 * statement never scans a record table itself: where its memory ends, DuckDB would end the process
 * (see {@link RecordTable}). And another process can read a file.
 */
final class RecordFiles {
  private static final int MAX_GROUP_RECORDS = 20_480;
  private static final long GROUP_BYTES = 16L << 20;

  private final StatementDatabase database;
  private final PayloadSchema schema;
  private final PayloadFormat format;
  private final List<String> columns;
  private int count;

  /**
   * @param payloadColumns top-level physical columns that the statement reads
   * @param names of all columns that it may read, in lower case; empty for all
   */
  RecordFiles(
      StatementDatabase database,
      PayloadSchema schema,
      PayloadFormat format,
      Set<String> payloadColumns,
      Optional<Set<String>> names) {
    this.database = database;
    this.schema = schema;
    this.format = format;
    this.columns = columns(schema, payloadColumns, names);
  }

  private static List<String> columns(
      PayloadSchema schema, Set<String> payloadColumns, Optional<Set<String>> names) {
    List<String> read = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      String name = column.columnName();
      boolean reads = names.isEmpty() || names.get().contains(name.toLowerCase(Locale.ROOT));
      // Always this one: a statement that counts reads no column, and a file needs one. It also
      // tells copies, of which there are none here, from others.
      if (reads || name.equals("_replay_id")) {
        read.add(name);
      }
    }
    for (PayloadColumn column : schema.columns()) {
      if (payloadColumns.contains(column.name())) {
        read.add(column.name());
      }
    }
    return read;
  }

  /** The records as a SELECT of all columns: NULL where the statement does not read one. */
  String select(List<StreamRecord> records) {
    Path file = database.newFile("records-" + count++ + "-" + System.identityHashCode(this));
    write(records, file);
    return select(file);
  }

  /** The same of a file that statements of the same records share. */
  String select(List<StreamRecord> records, SharedFiles shared) {
    database.readsOthers();
    return select(shared.file(columns, file -> write(records, file)));
  }

  private String select(Path file) {
    database.allow(file);
    return PhysicalSql.select(schema, columns::contains, PhysicalSql.readAlike(List.of(file)));
  }

  private void write(List<StreamRecord> records, Path file) {
    try (RecordTable table = RecordTable.register(database.connection(), records, schema, format)) {
      database.run(
          "COPY (SELECT "
              + String.join(", ", columns.stream().map(SqlText::name).toList())
              + " FROM ("
              + table.selectSql()
              + ")) TO "
              + SqlText.literal(file.toString())
              + " (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE "
              + groupRecords(records)
              + ")");
    }
  }

  /** A row group is in memory as a whole while it is written and read. */
  private static long groupRecords(List<StreamRecord> records) {
    long bytes = 1;
    for (StreamRecord record : records) {
      bytes += record.payload().length;
    }
    return Math.max(1, Math.min(MAX_GROUP_RECORDS, GROUP_BYTES * records.size() / bytes));
  }
}
