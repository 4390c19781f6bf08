package io.watershed.archive.maintain;

import io.watershed.reservoir.table.DataFileInfo;
import java.time.LocalDate;
import java.util.List;

/**
 * Files of one UTC day that are worth being one file.
 *
 * @param day the day
 * @param files in the order of their records, at least two
 */
record FileGroup(LocalDate day, List<DataFileInfo> files) {
  FileGroup {
    files = List.copyOf(files);
  }

  long bytes() {
    return files.stream().mapToLong(DataFileInfo::sizeBytes).sum();
  }
}
