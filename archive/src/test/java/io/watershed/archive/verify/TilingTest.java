package io.watershed.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.DroppedRecords;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Ranges that tile, and each way in which they do not. */
final class TilingTest {
  private static final ShardKey SHARD = new ShardKey("orders@x", "shardId-000000000000");
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");

  private static Footer footer(String key, int from, int through, LocalDate day) {
    Optional<ShardPosition> after =
        from == 0 ? Optional.empty() : Optional.of(ShardPosition.parse("" + from));
    ShardSums sums =
        new ShardSums(
            SHARD, after, ShardPosition.parse("" + through), 10, 1, new RecordDigest(0, through));
    DataFileInfo file =
        new DataFileInfo(
            key,
            1,
            10,
            day,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    return new Footer(file, new FileSums(List.of(sums), List.of()));
  }

  private static List<Kind> check(int after, long rows, long skipped, long digest, Footer... in) {
    return check(Map.of(), after, rows, skipped, digest, in);
  }

  private static List<Kind> check(
      Map<ShardKey, DroppedRecords> dropped,
      int after,
      long rows,
      long skipped,
      long digest,
      Footer... in) {
    Findings findings = new Findings();
    Tiling tiling = new Tiling(findings, dropped);
    Arrays.stream(in).forEach(tiling::add);
    Shard shard = new Shard(SHARD, List.of(), new Shard.HashRange(BigInteger.ZERO, BigInteger.TEN));
    ShardCheckpoint checkpoint =
        new ShardCheckpoint(
            shard,
            new After.At(ShardPosition.parse("" + after)),
            Optional.empty(),
            rows,
            skipped,
            new RecordDigest(0, digest));
    tiling.check(checkpoint);
    return findings.gravestFirst().stream().map(VerifyFinding::kind).distinct().toList();
  }

  @Test
  void commitsInARowTileWhateverTheirOrder() {
    assertThat(
            check(
                30,
                30,
                3,
                60,
                footer("b", 10, 20, DAY),
                footer("a", 0, 10, DAY),
                footer("c", 20, 30, DAY)))
        .isEmpty();
  }

  @Test
  void theDaysOfOneCommitShareItsRange() {
    assertThat(check(10, 20, 2, 20, footer("a", 0, 10, DAY), footer("b", 0, 10, DAY.plusDays(1))))
        .isEmpty();
  }

  @Test
  void aHoleInTheMiddleAtTheStartAndAtTheEndIsFound() {
    assertThat(check(30, 20, 2, 40, footer("a", 0, 10, DAY), footer("c", 20, 30, DAY)))
        .containsExactly(Kind.RANGE_HOLE);
    assertThat(check(20, 10, 1, 20, footer("b", 10, 20, DAY))).containsExactly(Kind.RANGE_HOLE);
    assertThat(check(30, 20, 2, 30, footer("a", 0, 10, DAY), footer("b", 10, 20, DAY)))
        .containsExactly(Kind.RANGE_HOLE);
  }

  @Test
  void whatIsCoveredTwiceIsFound() {
    assertThat(check(20, 20, 2, 35, footer("a", 0, 15, DAY), footer("b", 10, 20, DAY)))
        .containsExactly(Kind.RANGE_OVERLAP);
    assertThat(check(20, 20, 2, 35, footer("a", 0, 15, DAY), footer("b", 10, 20, DAY.plusDays(1))))
        .containsExactly(Kind.RANGE_OVERLAP);
    assertThat(check(10, 20, 2, 20, footer("a", 0, 10, DAY), footer("copy", 0, 10, DAY)))
        .containsExactly(Kind.FILE_TWICE);
  }

  @Test
  void filesBeyondTheCheckpointAreFound() {
    assertThat(check(10, 20, 2, 30, footer("a", 0, 10, DAY), footer("b", 10, 20, DAY)))
        .containsExactly(Kind.BEYOND_CHECKPOINT);
    Findings findings = new Findings();
    Tiling tiling = new Tiling(findings, Map.of());
    tiling.add(footer("a", 0, 10, DAY));
    tiling.checkStrangers(new TreeMap<>());
    assertThat(findings.gravestFirst().get(0).kind()).isEqualTo(Kind.BEYOND_CHECKPOINT);
  }

  @Test
  void eachOfTheSumsCounts() {
    Footer only = footer("a", 0, 10, DAY);
    assertThat(check(10, 10, 1, 10, only)).isEmpty();
    assertThat(check(10, 11, 1, 10, only)).containsExactly(Kind.SUMS_DIFFER);
    assertThat(check(10, 10, 0, 10, only)).containsExactly(Kind.SUMS_DIFFER);
    assertThat(check(10, 10, 1, 11, only)).containsExactly(Kind.SUMS_DIFFER);
  }

  @Test
  void rewrittenFilesMayOverlapOtherDaysAndTheirOwnAsLongAsTheSumsAreRight() {
    Footer[] files = {
      footer("r1-a", 0, 20, DAY),
      footer("r1-b", 0, 20, DAY),
      footer("c", 10, 20, DAY.plusDays(1)),
      footer("d", 20, 30, DAY.plusDays(1))
    };
    assertThat(check(30, 40, 4, 20 + 20 + 20 + 30, files)).containsExactly(Kind.FILE_TWICE);
    files[1] = rows(files[1], 7);
    assertThat(check(30, 37, 4, 20 + 20 + 20 + 30, files)).isEmpty();
    assertThat(check(30, 36, 4, 20 + 20 + 20 + 30, files))
        .containsExactlyInAnyOrder(Kind.SUMS_DIFFER, Kind.RANGE_OVERLAP);
  }

  private static Footer rows(Footer footer, long rows) {
    ShardSums sums = footer.sums().shards().get(0);
    ShardSums changed =
        new ShardSums(
            sums.shard(), sums.from(), sums.through(), rows, sums.skipped(), sums.digest());
    return new Footer(footer.file(), new FileSums(List.of(changed), List.of()));
  }

  @Test
  void whatWasDroppedCountsAndNeedsNoFile() {
    Map<ShardKey, DroppedRecords> dropped =
        Map.of(
            SHARD, new DroppedRecords(ShardPosition.parse("20"), 15, 2, new RecordDigest(0, 100)));
    Footer kept = footer("c", 20, 30, DAY);
    assertThat(check(dropped, 30, 25, 3, 130, kept)).isEmpty();
    assertThat(check(dropped, 30, 24, 3, 130, kept)).containsExactly(Kind.SUMS_DIFFER);
    assertThat(check(dropped, 31, 25, 3, 130, kept)).containsExactly(Kind.RANGE_HOLE);
    assertThat(check(dropped, 40, 25, 3, 140, footer("d", 30, 40, DAY)))
        .containsExactly(Kind.RANGE_HOLE);
    assertThat(check(dropped, 20, 15, 2, 100)).isEmpty();
    assertThat(check(Map.of(), 30, 10, 1, 30, kept)).containsExactly(Kind.RANGE_HOLE);
  }
}
