package io.watershed.secondreader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * An archive table as Iceberg's own library has it: metadata, planning and Parquet by Iceberg and
 * parquet-java. No code of ours and none of DuckDB's.
 */
final class IcebergRows {
  private IcebergRows() {}

  /** The table at its highest metadata version. */
  static Table open(Path reservoir, String stream) throws IOException {
    try (Stream<Path> files = Files.list(reservoir.resolve(stream).resolve("metadata"))) {
      long newest =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("v\\d+\\.metadata\\.json"))
              .mapToLong(name -> Long.parseLong(name.substring(1, name.indexOf('.'))))
              .max()
              .orElseThrow();
      String file = reservoir.resolve(stream) + "/metadata/v" + newest + ".metadata.json";
      return new BaseTable(new StaticTableOperations(file, new LocalFiles()), stream);
    }
  }

  /** Every row of the current snapshot. */
  static List<Record> all(Table table) throws IOException {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> rows.add(record.copy()));
    }
    return rows;
  }
}
