package io.watershed.archive.verify;

import io.watershed.archive.encode.ParquetFooter;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The payload columns that a file has, of those that its table has. */
final class FileColumns {
  private FileColumns() {}

  /**
   * Reads them off the file's footer.
   *
   * @throws IOException if it cannot be read
   */
  static PayloadSchema of(Path file, PayloadSchema table) throws IOException {
    Set<List<String>> paths;
    try {
      paths = ParquetFooter.read(file).columnPaths();
    } catch (RuntimeException e) {
      throw new IOException("its schema is not one", e);
    }
    return new PayloadSchema(present(table.columns(), List.of(), paths));
  }

  private static List<PayloadColumn> present(
      List<PayloadColumn> columns, List<String> above, Set<List<String>> paths) {
    List<PayloadColumn> present = new ArrayList<>();
    for (PayloadColumn column : columns) {
      List<String> path = new ArrayList<>(above);
      path.add(column.name());
      if (paths.contains(path)) {
        present.add(
            new PayloadColumn(
                column.key(),
                column.type(),
                column.name(),
                column.fieldId(),
                present(column.children(), path, paths)));
      }
    }
    return present;
  }
}
