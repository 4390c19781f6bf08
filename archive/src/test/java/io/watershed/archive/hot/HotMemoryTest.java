package io.watershed.archive.hot;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.TestPending;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HotMemoryTest {
  private final TestPending pending = new TestPending().open();
  private final HotMemory memory = new HotMemory("orders", pending.records);

  private HotAnswer ask(UUID table, String stream, Documents documents) {
    return memory.answer(new HotQuestion(table, stream, documents));
  }

  private HotAnswer ask() {
    return ask(TestPending.TABLE, "orders", Documents.ONE);
  }

  @Test
  void aStatementGetsTheArchiversOwnRecordsAndNoCopies() {
    pending.holds(10, 25, 4, 100);
    List<StreamRecord> held =
        pending.records.of(TestPending.SHARD).orElseThrow().records().toList();
    HotShard shard = ask().of(TestPending.SHARD).orElseThrow();
    assertThat(shard.records()).hasSize(15);
    for (int i = 0; i < 15; i++) {
      assertThat(shard.records().get(i)).isSameAs(held.get(i));
    }
  }

  @Test
  void anAnswerStaysAsItWasWhenACommitLetsItsRecordsGo() {
    pending.holds(10, 25, 4, 100);
    HotShard before = ask().of(TestPending.SHARD).orElseThrow();
    pending.holds(25, 30, 4, 100);
    // For the checkpoint of the snapshot that was pinned before the commit, and for no older one.
    assertThat(before.after(new After.At(TestPending.position(12))).orElseThrow()).hasSize(13);
    HotShard after = ask().of(TestPending.SHARD).orElseThrow();
    assertThat(after.after(new After.At(TestPending.position(12)))).isEmpty();
    assertThat(after.after(new After.At(TestPending.position(25))).orElseThrow()).hasSize(5);
    assertThat(after.after(new After.At(TestPending.position(31)))).isEmpty();
  }

  @Test
  void whatDoesNotFitTheStatementIsNotOffered() {
    pending.holds(10, 25, 4, 100);
    assertThat(ask(UUID.randomUUID(), "orders", Documents.ONE)).isEqualTo(HotAnswer.NONE);
    assertThat(ask(TestPending.TABLE, "clicks", Documents.ONE)).isEqualTo(HotAnswer.NONE);
    assertThat(ask(TestPending.TABLE, "orders", Documents.MANY)).isEqualTo(HotAnswer.NONE);
    pending.close();
    assertThat(ask()).isEqualTo(HotAnswer.NONE);
  }

  @Test
  void whatHadArrivedIsReadOnceALaterReadWasAtTheTip() {
    Instant arrived = Instant.parse("2026-01-01T00:00:00Z");
    pending.holds(10, 25, 4, 100);
    assertThat(memory.readThrough(TestPending.TABLE, arrived)).isEmpty();
    pending.wasAtTip(25, arrived.minusMillis(1));
    assertThat(memory.readThrough(TestPending.TABLE, arrived)).isEmpty();
    pending.wasAtTip(27, arrived);
    assertThat(memory.readThrough(TestPending.TABLE, arrived))
        .contains(Map.of(TestPending.SHARD, TestPending.position(27)));
    assertThat(memory.readThrough(UUID.randomUUID(), arrived)).isEmpty();
    // Its children may hold what had arrived: statements read it to its end themselves.
    pending.isDrained(27);
    assertThat(memory.readThrough(TestPending.TABLE, arrived)).contains(Map.of());
    pending.close();
    assertThat(memory.readThrough(TestPending.TABLE, arrived)).isEmpty();
  }

  @Test
  void aShardOfWhichNothingIsHeldIsNotOffered() {
    pending.holds(25, 25, 4, 100);
    assertThat(ask()).isEqualTo(HotAnswer.NONE);
  }
}
