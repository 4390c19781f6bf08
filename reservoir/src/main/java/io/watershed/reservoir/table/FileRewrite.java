package io.watershed.reservoir.table;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files that take the place of others with the same records: what compaction commits. Rows, skipped
 * counts, digests and ranges of each shard are the same before and after, or the commit is refused.
 *
 * @param replaced files of one UTC day in the state that the rewrite started from
 * @param files of the same day; at least one
 */
public record FileRewrite(List<DataFileInfo> replaced, List<NewDataFile> files) {
  public FileRewrite {
    replaced = List.copyOf(replaced);
    files = List.copyOf(files);
    Set<LocalDate> days =
        Stream.concat(
                replaced.stream().map(DataFileInfo::day), files.stream().map(NewDataFile::day))
            .collect(Collectors.toSet());
    if (replaced.isEmpty() || files.isEmpty()) {
      throw new IllegalArgumentException("a rewrite replaces some files by some");
    }
    if (days.size() != 1) {
      throw new IllegalArgumentException("a rewrite is of one day");
    }
  }
}
