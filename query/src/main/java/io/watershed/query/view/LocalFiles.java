package io.watershed.query.view;

import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Path;
import java.util.List;

/** Brings data files to where DuckDB can open them. Thread-safe. */
public interface LocalFiles {
  /**
   * Local paths of the files, in order; they stay as long as a statement may run.
   *
   * @throws io.watershed.core.error.WatershedException {@code integrity} if a file is missing or
   *     has another size than the table says; {@code store}, {@code limit}
   */
  List<Path> localize(List<DataFileInfo> files);
}
