package io.watershed.archive.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.MaintenanceSettings;
import io.watershed.reservoir.table.DataFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-22");
  private static final Instant LATER = Instant.parse("2026-11-23T02:00:00Z");
  private static final MaintenanceSettings SETTINGS =
      MaintenanceSettings.DEFAULTS.withFileBytes(6_000_000);

  private final List<DataFileInfo> files = new ArrayList<>();

  @Test
  void aDayIsClosedAnHourAfterItsEnd() {
    add(10, 1000);
    assertThat(plan(Instant.parse("2026-11-23T01:00:00Z"))).isEmpty();
    assertThat(plan(Instant.parse("2026-11-23T01:00:01Z"))).hasSize(1);
  }

  @Test
  void filesAreTakenInTheOrderOfTheirRecordsUpToTheWantedSize() {
    add(100, 50_000);
    List<DataFileInfo> inOrder = List.copyOf(files);
    Collections.shuffle(files, new Random(1));
    List<FileGroup> groups = plan(LATER);
    assertThat(groups).hasSizeBetween(5, 7);
    assertThat(groups.stream().flatMap(group -> group.files().stream()).toList())
        .isEqualTo(inOrder);
    assertThat(groups)
        .allMatch(
            group -> group.files().stream().mapToLong(CompactionPlan::cost).sum() <= 6_000_000);
  }

  @Test
  void largeFilesAndSingleOnesAreLeftAlone() {
    add(3, 600_000);
    add(1, 10);
    assertThat(plan(LATER)).isEmpty();
  }

  @Test
  void lateRecordsAreCompactedWithoutTheLargeFileOfTheirDay() {
    add(1, 400_000);
    add(1, 100);
    assertThat(plan(LATER)).isEmpty();
    add(1, 100);
    assertThat(plan(LATER))
        .singleElement()
        .satisfies(group -> assertThat(group.files()).isEqualTo(files.subList(1, 3)));
  }

  /** A record is rewritten a few times, however its day's files come in. */
  @Test
  void repeatedCompactionEnds() {
    long rewritten = 0;
    for (int commit = 0; commit < 2000; commit++) {
      add(1, 500);
      for (FileGroup group : plan(LATER)) {
        rewritten += group.bytes();
        files.removeAll(group.files());
        addFile(group.files().get(0).minSequence().orElseThrow(), group.bytes());
      }
    }
    assertThat(rewritten).isLessThan(2000 * 500L * 12);
    assertThat(files).hasSizeLessThan(60);
  }

  private List<FileGroup> plan(Instant now) {
    return CompactionPlan.of(files, now, SETTINGS.withKeep(Optional.of(Duration.ofDays(1))));
  }

  private int made;

  private void add(int count, long bytes) {
    for (int i = 0; i < count; i++) {
      addFile(String.format("%056d", made), bytes);
    }
  }

  private void addFile(String first, long bytes) {
    files.add(
        new DataFileInfo(
            String.format("orders/data/%08d", made++),
            bytes,
            1,
            DAY,
            Optional.empty(),
            Optional.empty(),
            Optional.of(first),
            Optional.of(first),
            Set.of()));
  }
}
