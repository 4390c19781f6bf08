package io.watershed.query.view;

import io.watershed.reservoir.table.DataFileInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings data files to where DuckDB can open them. Thread-safe. */
public interface LocalFiles {
  /**
   * Local files, with the columns that are asked for. They stay as long as a statement may run.
   *
   * @param columns names of top-level physical columns that may be read; empty for all. Reading
   *     another one fails
   * @throws io.watershed.core.error.WatershedException {@code integrity} if a file is missing or
   *     has another size than the table says; {@code store}, {@code limit}
   */
  Localized localize(List<DataFileInfo> files, Optional<Set<String>> columns);

  /**
   * Files on this machine.
   *
   * @param paths one for each file asked for, in order
   * @param bytesFetched what had to be fetched for it
   */
  record Localized(List<Path> paths, long bytesFetched) {}
}
