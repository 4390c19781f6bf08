package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.CommitInput.ShardInput;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What one commit writes, decided without any I/O. */
final class CommitPlanTest {
  private static final Instant DAY_ONE = Instant.parse("2026-11-20T10:00:00Z");
  private static final Predicate<StreamRecord> NONE = record -> false;

  private static Shard shard(String id, String... parents) {
    return new Shard(
        new ShardKey("orders@x", id),
        List.of(parents),
        new Shard.HashRange(BigInteger.ZERO, BigInteger.TEN));
  }

  private static StreamRecord record(Shard shard, long sequence, long sub, Instant arrival) {
    return new StreamRecord(
        shard.key(),
        new ShardPosition(SequenceNumber.parse(Long.toString(sequence)), sub),
        "key",
        arrival,
        ("payload " + sequence).getBytes(StandardCharsets.UTF_8));
  }

  private static ShardInput input(
      Shard shard, boolean ends, Optional<Instant> tipAt, StreamRecord... records) {
    ShardCheckpoint base = ShardCheckpoint.start(shard);
    List<PendingBatch> batches =
        records.length == 0
            ? List.of()
            : List.of(PendingBatch.of(List.of(records), Optional.empty(), 1));
    Optional<ShardPosition> high =
        records.length == 0
            ? Optional.empty()
            : Optional.of(records[records.length - 1].position());
    return new ShardInput(
        base,
        new PendingShard(shard.key(), base.after(), high, ends, Optional.empty(), batches),
        tipAt,
        ends);
  }

  private static CommitPlan plan(int maxDays, Predicate<StreamRecord> copies, ShardInput... in) {
    return CommitPlan.of(
        new CommitInput(List.of(in), List.of(), List.of()), copies, false, maxDays);
  }

  @Test
  void theFilesOfOneCommitShareItsRangeAndTheirSumsAreTheCheckpoints() {
    Shard a = shard("a");
    StreamRecord[] records = {
      record(a, 5, 0, DAY_ONE),
      record(a, 6, 0, DAY_ONE.plus(Duration.ofDays(1))),
      record(a, 7, 0, DAY_ONE),
    };
    CommitPlan plan = plan(10, NONE, input(a, false, Optional.empty(), records));
    assertThat(plan.days()).hasSize(2);
    List<ShardSums> sums =
        plan.days().values().stream().flatMap(day -> day.sums().stream()).toList();
    assertThat(sums).allMatch(s -> s.from().isEmpty() && s.through().text().equals("7"));
    ShardCheckpoint moved = plan.checkpoints().get(0);
    assertThat(moved.after()).isEqualTo(new After.At(records[2].position()));
    assertThat(moved.rows()).isEqualTo(3);
    assertThat(moved.lastArrival()).contains(DAY_ONE);
    assertThat(sums.stream().map(ShardSums::digest).reduce(RecordDigest.ZERO, RecordDigest::plus))
        .isEqualTo(moved.digest());
    assertThat(plan.days().get(LocalDate.parse("2026-11-20")).records())
        .containsExactly(records[0], records[2]);
  }

  @Test
  void tooManyDaysWaitForTheNextCommitAndSoDoTheChildren() {
    Shard parent = shard("parent");
    Shard child = shard("child", "parent");
    CommitPlan plan =
        plan(
            2,
            NONE,
            input(
                parent,
                true,
                Optional.of(DAY_ONE),
                record(parent, 1, 0, DAY_ONE),
                record(parent, 2, 0, DAY_ONE.plus(Duration.ofDays(1))),
                record(parent, 3, 0, DAY_ONE.plus(Duration.ofDays(2)))),
            input(child, false, Optional.of(DAY_ONE), record(child, 9, 0, DAY_ONE)));
    assertThat(plan.complete()).isFalse();
    assertThat(plan.days()).hasSize(2);
    assertThat(plan.checkpoints()).hasSize(1);
    ShardCheckpoint moved = plan.checkpoints().get(0);
    assertThat(moved.key()).isEqualTo(parent.key());
    assertThat(moved.after().isEnd()).isFalse();
    assertThat(moved.after().lastPosition().orElseThrow().text()).isEqualTo("2");
    assertThat(moved.completeThrough()).isEmpty();
  }

  @Test
  void anAggregatedRecordIsNeverTorn() {
    Shard a = shard("a");
    List<StreamRecord> records = new ArrayList<>();
    records.add(record(a, 1, 0, DAY_ONE));
    records.add(record(a, 1, 1, DAY_ONE.plus(Duration.ofDays(1))));
    records.add(record(a, 2, 0, DAY_ONE.plus(Duration.ofDays(2))));
    CommitPlan plan =
        plan(1, NONE, input(a, false, Optional.empty(), records.toArray(StreamRecord[]::new)));
    assertThat(plan.checkpoints().get(0).after().lastPosition().orElseThrow().text())
        .isEqualTo("1.1");
  }

  @Test
  void replayedRecordsAreCountedAndMoveTheCheckpoint() {
    Shard a = shard("a");
    CommitPlan plan =
        plan(
            5,
            record -> record.position().sequenceNumber().decimal().equals("2"),
            input(a, false, Optional.empty(), record(a, 1, 0, DAY_ONE), record(a, 2, 0, DAY_ONE)));
    ShardCheckpoint moved = plan.checkpoints().get(0);
    assertThat(moved.rows()).isEqualTo(1);
    assertThat(moved.skipped()).isEqualTo(1);
    assertThat(moved.after().lastPosition().orElseThrow().text()).isEqualTo("2");
    assertThat(plan.days().values().iterator().next().sums().get(0).skipped()).isEqualTo(1);
  }

  @Test
  void aCommitOfNothingButReplayedRecordsStillHasAFooterForItsRange() {
    Shard a = shard("a");
    CommitPlan plan =
        plan(5, r -> true, input(a, false, Optional.empty(), record(a, 2, 0, DAY_ONE)));
    assertThat(plan.rows()).isZero();
    assertThat(plan.days()).hasSize(1);
    ShardSums sums = plan.days().values().iterator().next().sums().get(0);
    assertThat(sums.rows()).isZero();
    assertThat(sums.skipped()).isEqualTo(1);
    assertThat(sums.through().text()).isEqualTo("2");
  }

  @Test
  void nothingInHandIsNoCommit() {
    assertThat(plan(5, NONE, input(shard("a"), false, Optional.empty())).isEmpty()).isTrue();
    assertThat(plan(5, NONE, input(shard("a"), false, Optional.of(DAY_ONE))).checkpoints())
        .hasSize(1);
  }
}
