package io.watershed.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMemory.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveMemoryTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final StreamRecord RECORD =
      new StreamRecord(
          new ShardKey("orders@1", "shardId-000000000000"),
          new ShardPosition(SequenceNumber.parse("7"), 0),
          "k",
          Instant.EPOCH,
          new byte[679]);

  /** 1,000 bytes each. */
  private static List<StreamRecord> records(int count) {
    return Collections.nCopies(count, RECORD);
  }

  private final LiveMemory memory = new LiveMemory(10_000);

  @Test
  void recordsCountUntilTheirClaimIsReleased() {
    Claim claim = memory.claim(0, LONG);
    claim.take(records(3));
    assertThat(memory.used()).isEqualTo(3_000);
    claim.release();
    claim.release();
    assertThat(memory.used()).isZero();
  }

  @Test
  void whatWasExpectedIsKeptForTheReadAndGivenBackIfItDidNotCome() {
    Claim claim = memory.claim(8_000, LONG);
    assertThat(memory.used()).isEqualTo(8_000);
    claim.take(records(3));
    assertThat(memory.used()).isEqualTo(8_000);
    claim.settle();
    assertThat(memory.used()).isEqualTo(3_000);
  }

  @Test
  void aReadThatFindsNoRoomFailsAndSaysWhatItLacked() {
    Claim first = memory.claim(0, LONG);
    first.take(records(6));
    Claim second = memory.claim(0, LONG);
    second.take(records(3));
    assertThatThrownBy(() -> second.take(records(2)))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    assertThat(second.lacked()).isEqualTo(5_000);
    assertThat(memory.used()).isEqualTo(9_000);
    second.release();
    assertThat(memory.forAnother(second)).isEqualTo(10_000);
    // Readers that did not hear of it yet add nothing.
    assertThatThrownBy(() -> second.take(records(1))).isInstanceOf(WatershedException.class);
    assertThat(memory.used()).isEqualTo(6_000);
  }

  @Test
  void whatCanNeverHaveRoomIsRefused() {
    Claim claim = memory.claim(0, LONG);
    assertThatThrownBy(() -> claim.take(records(11))).isInstanceOf(WatershedException.class);
    claim.release();
    assertThatThrownBy(() -> memory.forAnother(claim))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
              assertThat(e.hint()).contains("--live off");
            });
  }

  @Test
  void aReadWaitsForRoomUntilItsPatienceEnds() throws Exception {
    Claim first = memory.claim(0, LONG);
    first.take(records(6));
    assertThatThrownBy(() -> memory.claim(5_000, Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
              assertThat(e.hint()).contains("Ask again");
            });
    CompletableFuture<Claim> waiting =
        CompletableFuture.supplyAsync(() -> memory.claim(5_000, LONG));
    while (memory.waiting() == 0) {
      Thread.onSpinWait();
    }
    // A small one that comes later does not overtake it.
    CompletableFuture<Claim> small = CompletableFuture.supplyAsync(() -> memory.claim(100, LONG));
    while (memory.waiting() < 2) {
      Thread.onSpinWait();
    }
    assertThat(waiting).isNotDone();
    first.release();
    waiting.get().release();
    small.get().release();
    assertThat(memory.used()).isZero();
  }
}
