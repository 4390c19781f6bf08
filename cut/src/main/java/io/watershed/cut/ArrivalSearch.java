package io.watershed.cut;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileFilter;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.TableState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds where a time cuts the archived side: per shard the first record, in order of position, that
 * arrived later. Arrival times are not monotonic (PROTOCOL 1.3), so no file may be left out that
 * could hold a lower position; the ranges in footers say which those are. Thread-safe.
 */
final class ArrivalSearch {
  private final FileSumsCache sums;
  private final ArchivedPositions rows;

  ArrivalSearch(FileSumsCache sums, ArchivedPositions rows) {
    this.sums = sums;
    this.rows = rows;
  }

  /** A file's range of one shard. */
  private record Candidate(int file, Optional<SequenceNumber> from) {
    /** Whether the file may hold a position below this one. */
    boolean mayPrecede(Optional<SequenceNumber> found) {
      return found.isEmpty() || from.isEmpty() || from.get().compareTo(found.get()) < 0;
    }
  }

  /** Shards without a record that arrived later are left out. */
  Map<ShardKey, SequenceNumber> firstLater(ArchiveTable table, TableState state, Instant time) {
    List<DataFileInfo> files =
        table.files(state, FileFilter.arrivedBetween(Optional.of(time), Optional.empty()));
    List<FileSums> footers = sums.sums(table, files);
    Map<ShardKey, List<Candidate>> byShard = byShard(footers);
    Map<ShardKey, SequenceNumber> found = new TreeMap<>();
    Set<Integer> searched = new HashSet<>();
    Set<Integer> next = withoutRanges(footers);
    // The lowest ranges first; each round looks into twice as many files of a shard.
    for (int most = 1; ; most *= 2) {
      for (Map.Entry<ShardKey, List<Candidate>> shard : byShard.entrySet()) {
        Optional<SequenceNumber> lowest = Optional.ofNullable(found.get(shard.getKey()));
        shard.getValue().stream()
            .filter(candidate -> !searched.contains(candidate.file()))
            .filter(candidate -> candidate.mayPrecede(lowest))
            .limit(most)
            .forEach(candidate -> next.add(candidate.file()));
      }
      if (next.isEmpty()) {
        return found;
      }
      rows.firstLater(next.stream().sorted().map(files::get).toList(), time)
          .forEach((shard, at) -> found.merge(shard, at, ArrivalSearch::lower));
      searched.addAll(next);
      next.clear();
    }
  }

  private static SequenceNumber lower(SequenceNumber a, SequenceNumber b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Map<ShardKey, List<Candidate>> byShard(List<FileSums> footers) {
    Map<ShardKey, List<Candidate>> byShard = new TreeMap<>();
    for (int file = 0; file < footers.size(); file++) {
      for (ShardSums shard : footers.get(file).shards()) {
        byShard
            .computeIfAbsent(shard.shard(), key -> new ArrayList<>())
            .add(new Candidate(file, shard.from().map(from -> from.sequenceNumber())));
      }
    }
    Comparator<Candidate> byFrom =
        Comparator.comparing(
            candidate -> candidate.from().map(SequenceNumber::padded).orElse(""),
            Comparator.naturalOrder());
    byShard.values().forEach(candidates -> candidates.sort(byFrom));
    return byShard;
  }

  private static Set<Integer> withoutRanges(List<FileSums> footers) {
    Set<Integer> files = new HashSet<>();
    for (int file = 0; file < footers.size(); file++) {
      if (footers.get(file).shards().isEmpty()) {
        files.add(file);
      }
    }
    return files;
  }
}
