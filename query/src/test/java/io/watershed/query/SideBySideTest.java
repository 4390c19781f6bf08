package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.cut.CutFile;
import io.watershed.query.ScanStep.Part;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private static final HashRange ANY = new HashRange(BigInteger.ZERO, BigInteger.ZERO);

  private final List<Shard> shards = new ArrayList<>();
  private final List<CutFile> files = new ArrayList<>();
  private final List<FileSums> footers = new ArrayList<>();

  @Test
  void stepsAreBoundedAndHoldAWindowOfEachShard() {
    List<ShardKey> four = List.of(shard("a"), shard("b"), shard("c"), shard("d"));
    for (int commit = 0; commit < 40; commit++) {
      commit(commit, 5_000, four);
    }

    List<ScanStep> steps = steps();

    assertThat(steps).hasSizeBetween(7, 9);
    for (ScanStep step : steps) {
      assertThat(step.parts().stream().map(Part::shard)).containsExactlyElementsOf(four);
      assertThat(records(step)).isBetween(80_000L, 130_000L);
      assertThat(step.files()).hasSizeLessThan(8);
    }
    assertTiled(steps);
  }

  @Test
  void aSplitShardsChildrenComeAfterItAndBesideTheOthers() {
    ShardKey parent = shard("a");
    ShardKey other = shard("b");
    for (int commit = 0; commit < 30; commit++) {
      commit(commit, 10_000, List.of(parent, other));
    }
    List<ShardKey> after = List.of(other, shard("c", "a"), shard("d", "a"));
    for (int commit = 30; commit < 60; commit++) {
      commit(commit, 10_000, after);
    }

    List<ScanStep> steps = steps();

    assertTiled(steps);
    int lastOfParent = steps.lastIndexOf(lastStepOf(parent, steps));
    for (ScanStep step : steps.subList(0, lastOfParent + 1)) {
      assertThat(step.parts().stream().map(Part::shard)).containsExactly(parent, other);
    }
    assertThat(steps.get(lastOfParent + 1).parts().stream().map(Part::shard))
        .containsExactlyElementsOf(after);
  }

  @Test
  void aLifeOfTheStreamComesAfterTheOneBefore() {
    ShardKey first = inLife("orders@1", "a");
    ShardKey second = inLife("orders@2", "a");
    ShardKey third = inLife("orders@2", "b");
    commit(0, 10, List.of(first, second, third));

    assertThat(steps())
        .extracting(step -> step.parts().stream().map(Part::shard).toList())
        .containsExactly(List.of(first), List.of(second, third));
  }

  @Test
  void moreShardsThanAStepTakesFollow() {
    List<ShardKey> many = new ArrayList<>();
    for (int i = 0; i < SideBySide.MAX_SHARDS + 5; i++) {
      many.add(shard("shard-%03d".formatted(i)));
    }
    commit(0, 4_000, many);

    List<ScanStep> steps = steps();

    assertThat(steps).extracting(step -> step.parts().size()).containsExactly(32, 5);
    assertTiled(steps);
  }

  private ShardKey shard(String id, String... parents) {
    return add(new ShardKey("orders@1", id), List.of(parents));
  }

  private ShardKey inLife(String incarnation, String id) {
    return add(new ShardKey(incarnation, id), List.of());
  }

  private ShardKey add(ShardKey key, List<String> parents) {
    shards.add(new Shard(key, parents, ANY));
    return key;
  }

  /** A file with records of each shard. */
  private void commit(int number, long rows, List<ShardKey> of) {
    files.add(
        new CutFile(
            new DataFileInfo(
                "orders/data/" + number,
                rows * of.size(),
                rows * of.size(),
                LocalDate.parse("2026-11-23"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of()),
            false));
    footers.add(
        new FileSums(
            of.stream()
                .map(
                    key ->
                        new ShardSums(
                            key,
                            number == 0 ? Optional.empty() : Optional.of(at(number - 1)),
                            at(number),
                            rows,
                            0,
                            RecordDigest.ZERO))
                .toList(),
            List.of()));
  }

  private List<ScanStep> steps() {
    ScanWindows windows =
        ScanWindows.of(files, footers, Optional.empty(), Optional.empty(), SideBySide.MAX_SHARDS);
    return SideBySide.steps(Lineage.of(shards), shards.stream().map(Shard::key).toList(), windows);
  }

  private static long records(ScanStep step) {
    return step.parts().stream().mapToLong(part -> part.window().orElseThrow().records()).sum();
  }

  private static ScanStep lastStepOf(ShardKey shard, List<ScanStep> steps) {
    return steps.stream()
        .filter(step -> step.parts().stream().anyMatch(part -> part.shard().equals(shard)))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  /** Each shard's windows follow each other without a hole. */
  private void assertTiled(List<ScanStep> steps) {
    Map<ShardKey, Optional<ShardPosition>> reached = new HashMap<>();
    for (ScanStep step : steps) {
      for (Part part : step.parts()) {
        Optional<ShardPosition> from = part.window().orElseThrow().from();
        if (reached.containsKey(part.shard())) {
          assertThat(from).isEqualTo(reached.get(part.shard()));
        }
        reached.put(part.shard(), Optional.of(part.window().orElseThrow().through()));
      }
    }
    assertThat(reached.keySet())
        .containsExactlyInAnyOrderElementsOf(shards.stream().map(Shard::key).toList());
  }

  private static ShardPosition at(long number) {
    return ShardPosition.of(SequenceNumber.parse(Long.toString(1_000_000 + number)));
  }
}
