package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.CutFile;
import io.watershed.query.ScanWindows.Window;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScanWindowsTest {
  private static final ShardKey SHARD = new ShardKey("orders@1", "shardId-000000000000");
  private static final LocalDate DAY = LocalDate.parse("2026-11-23");

  private final List<CutFile> files = new ArrayList<>();
  private final List<FileSums> footers = new ArrayList<>();

  @Test
  void compactedDaysThatOverlapAtMidnightStaySeparateWindows() {
    for (int day = 0; day < 50; day++) {
      // The commit at midnight is in the files of both days.
      add(day * 100L - 1, day * 100L + 100, 90_000);
    }
    List<Window> windows = windows();
    assertThat(windows).hasSizeGreaterThan(20);
    assertThat(windows).allMatch(window -> window.files().size() <= 4);
    assertCovered(windows, -1, 5000);
  }

  @Test
  void aLateRecordInALargeFileDoesNotMakeAWindowOfEachCommit() {
    add(0, 1000, 99_000);
    for (int commit = 1; commit <= 900; commit++) {
      add(commit, commit + 1, 200);
    }
    List<Window> windows = windows();
    assertThat(windows).hasSizeLessThan(6);
    assertCovered(windows, 0, 1000);
  }

  private void add(long from, long through, long rows) {
    String key = "orders/data/" + files.size();
    files.add(
        new CutFile(
            new DataFileInfo(
                key,
                rows,
                rows,
                DAY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of()),
            false));
    footers.add(
        new FileSums(
            List.of(
                new ShardSums(
                    SHARD,
                    from < 0 ? Optional.empty() : Optional.of(at(from)),
                    at(through),
                    rows,
                    0,
                    RecordDigest.ZERO)),
            List.of()));
  }

  private List<Window> windows() {
    return ScanWindows.of(files, footers, Optional.empty(), Optional.empty()).of(SHARD);
  }

  /** Windows follow each other, and each names all files that reach into it. */
  private void assertCovered(List<Window> windows, long from, long through) {
    Optional<ShardPosition> reached = from < 0 ? Optional.empty() : Optional.of(at(from));
    for (Window window : windows) {
      assertThat(window.from()).isEqualTo(reached);
      for (int i = 0; i < files.size(); i++) {
        ShardSums sums = footers.get(i).shards().get(0);
        boolean ends = window.from().map(f -> sums.through().compareTo(f) <= 0).orElse(false);
        boolean begins = sums.from().map(f -> f.compareTo(window.through()) >= 0).orElse(false);
        assertThat(window.files().contains(files.get(i))).isEqualTo(!ends && !begins);
      }
      reached = Optional.of(window.through());
    }
    assertThat(reached).contains(at(through));
  }

  private static ShardPosition at(long number) {
    return ShardPosition.of(SequenceNumber.parse(Long.toString(1_000_000 + number)));
  }
}
