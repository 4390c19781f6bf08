package io.watershed.archive.maintain;

import io.watershed.core.record.StreamRecord;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the records of a data file. {@link ParquetRows} does; the simulator brings a cheap one. */
@FunctionalInterface
public interface RowSource {
  /**
   * Hands over the file's records in the order of its rows.
   *
   * @param file a local file
   * @param key its name, for errors
   * @throws io.watershed.core.error.WatershedException {@code integrity} if it cannot be read
   */
  void read(Path file, String key, Consumer<StreamRecord> sink);
}
