package io.watershed.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds every position that is there twice, wherever it is, in memory or on disk. */
final class PositionMergeTest {
  private static final ShardKey SHARD = new ShardKey("orders@x", "shardId-000000000000");

  @TempDir Path folder;

  private record Made(Footer footer, List<Integer> positions) {}

  private static Made file(String key, int from, List<Integer> positions) {
    int through = Collections.max(positions);
    ShardSums sums =
        new ShardSums(
            SHARD,
            from == 0 ? Optional.empty() : Optional.of(position(from)),
            position(through),
            positions.size(),
            0,
            RecordDigest.ZERO);
    DataFileInfo file =
        new DataFileInfo(
            key,
            1,
            positions.size(),
            LocalDate.parse("2026-11-20"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    return new Made(new Footer(file, new FileSums(List.of(sums), List.of())), positions);
  }

  /** Numbers as long as real ones, and every third one with a sub-sequence number. */
  private static ShardPosition position(int n) {
    return new ShardPosition(
        SequenceNumber.parse("4959000000000000000000000000000000000000000000" + (100_000 + n / 3)),
        n % 3);
  }

  private List<VerifyFinding> merge(long memoryBytes, Made... files) {
    RunMemory memory = new RunMemory(folder, memoryBytes);
    Findings findings = new Findings();
    PositionMerge merge = new PositionMerge(Stream.of(files).map(Made::footer).toList(), findings);
    for (Made file : files) {
      RunBuilder runs = new RunBuilder(file.footer().file().key(), memory);
      file.positions().forEach(n -> runs.add(position(n)));
      merge.add(file.footer(), Map.of(SHARD, runs.finish()));
    }
    merge.finish();
    return findings.gravestFirst();
  }

  private static List<Integer> range(int from, int to) {
    return java.util.stream.IntStream.range(from, to).boxed().toList();
  }

  @Test
  void positionsSurviveTheirBytesAndKeepTheirOrder() {
    List<ShardPosition> positions =
        List.of(
            ShardPosition.parse("0"),
            ShardPosition.parse("0.1"),
            ShardPosition.parse("9"),
            ShardPosition.parse("10"),
            ShardPosition.parse("9".repeat(64)),
            ShardPosition.parse("9".repeat(64) + "." + Long.MAX_VALUE));
    for (int i = 0; i < positions.size(); i++) {
      assertThat(PositionBytes.read(PositionBytes.of(positions.get(i))))
          .isEqualTo(positions.get(i));
      for (int j = 0; j < positions.size(); j++) {
        assertThat(
                Integer.signum(
                    PositionBytes.compare(
                        PositionBytes.of(positions.get(i)), PositionBytes.of(positions.get(j)))))
            .isEqualTo(Integer.signum(Integer.compare(i, j)));
      }
    }
  }

  @Test
  void everyTwinIsFoundOnceWhateverTheOrderOfRowsAndTheMemory() throws IOException {
    Random random = new Random(11);
    for (long memory : new long[] {0, 2_000, 1 << 20}) {
      for (int round = 0; round < 40; round++) {
        List<Integer> all = new ArrayList<>(range(1, 4_000));
        Collections.shuffle(all, random);
        List<List<Integer>> parts =
            List.of(all.subList(0, 1500), all.subList(1500, 1501), all.subList(1501, 3999));
        List<Integer> second = new ArrayList<>(parts.get(2));
        Set<Integer> twins = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          int twin = parts.get(random.nextInt(3)).get(0);
          if (twins.add(twin)) {
            second.add(random.nextInt(second.size()), twin);
          }
        }
        List<VerifyFinding> found =
            merge(
                memory,
                file("a", 0, parts.get(0)),
                file("b", 0, parts.get(1)),
                file("c", 0, second));
        assertThat(found)
            .hasSize(twins.size())
            .allMatch(finding -> finding.kind() == VerifyFinding.Kind.RECORD_TWICE);
        for (int twin : twins) {
          assertThat(found)
              .anyMatch(f -> f.message().startsWith("Position " + position(twin) + " "));
        }
      }
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void rangesInARowAreMergedOneByOneAndATwinAcrossThemIsFound() {
    assertThat(
            merge(
                1 << 20,
                file("a", 0, range(1, 100)),
                file("b", 99, range(100, 200)),
                file("c", 199, range(200, 300))))
        .isEmpty();
    List<Integer> withTwin = new ArrayList<>(range(200, 300));
    withTwin.add(0, 150);
    List<VerifyFinding> found =
        merge(
            1 << 20,
            file("a", 0, range(1, 100)),
            file("b", 99, range(100, 200)),
            file("c", 99, withTwin));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).message()).contains("archived twice");
  }
}
