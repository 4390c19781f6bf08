package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
  private final List<StreamRecord> records = Fixtures.records(20, 3, 1);
  private final ShardKey shard = records.get(0).shard();
  private final Acknowledgements acks = new Acknowledgements(LedgerEntry.NONE, new OrderCheck(10));

  @Test
  void thePointMovesOnlyOverAnUnbrokenRow() {
    Acknowledgements.Sent first = take(acks, 0).orElseThrow();
    Acknowledgements.Sent second = take(acks, 1).orElseThrow();
    Acknowledgements.Sent third = take(acks, 2).orElseThrow();

    acks.written(third, "s", at(1));
    assertThat(acks.done().through()).isEmpty();
    assertThat(acks.done().shards().get(shard).after()).isEqualTo(new After.Start());
    assertThat(ahead(acks)).isEqualTo(bits(2));
    assertThat(acks.acknowledged()).isEqualTo(1);

    acks.written(first, "s", at(2));
    assertThat(acks.done().through()).contains(Fixtures.place(records.get(0)));
    assertThat(ahead(acks)).isEqualTo(bits(1));

    acks.written(second, "s", at(3));
    assertThat(acks.done().through()).contains(Fixtures.place(records.get(2)));
    assertThat(ahead(acks)).isEqualTo(bits());
    assertThat(acks.done().acknowledged()).isEqualTo(3);
  }

  @Test
  void aSkippedRecordLetsThePointPass() {
    Acknowledgements.Sent first = take(acks, 0).orElseThrow();
    acks.skipped(take(acks, 1).orElseThrow());
    acks.written(first, "s", at(1));

    assertThat(acks.done().through()).contains(Fixtures.place(records.get(1)));
    assertThat(acks.done().acknowledged()).isEqualTo(1);
    assertThat(acks.done().skipped()).isEqualTo(1);
  }

  @Test
  void whatAnEarlierProcessHadAheadIsNotTakenAgain() {
    Acknowledgements later = new Acknowledgements(entry(0, bits(1, 4, 5)), new OrderCheck(10));

    Acknowledgements.Sent first = take(later, 1).orElseThrow();
    assertThat(take(later, 2)).isEmpty();
    assertThat(ahead(later)).isEqualTo(bits(1, 4, 5));
    assertThat(later.acknowledged()).isEqualTo(1 + 3);

    later.written(first, "s", at(1));
    assertThat(later.done().through()).contains(Fixtures.place(records.get(2)));
    assertThat(later.done().shards().get(shard).after())
        .isEqualTo(new After.At(records.get(2).position()));
    assertThat(later.done().acknowledged()).isEqualTo(3);
    assertThat(ahead(later)).isEqualTo(bits(2, 3));

    assertThat(take(later, 3)).isPresent();
    assertThat(take(later, 4)).isPresent();
    assertThat(take(later, 5)).isEmpty();
    assertThat(ahead(later)).isEqualTo(bits(2, 3));
  }

  @Test
  void aShardGoesOnBesideOneThatWaits() {
    StreamRecord other = records.get(10);
    Acknowledgements.Sent waiting = take(acks, 0).orElseThrow();
    Acknowledgements.Sent beside = take(acks, 10).orElseThrow();

    acks.written(beside, "s", at(1));

    assertThat(acks.done().shards().get(other.shard()).after())
        .isEqualTo(new After.At(other.position()));
    assertThat(acks.done().shards().get(shard).after()).isEqualTo(new After.Start());
    assertThat(acks.done().acknowledged()).isEqualTo(1);
    assertThat(acks.done().through()).isEmpty();
    acks.written(waiting, "s", at(2));
    assertThat(acks.done().through()).contains(Fixtures.place(other));
  }

  /** A key's later record may be in a shard that goes on, its earlier one in one that waits. */
  @Test
  void orderIsCheckedInTheOrderOfTakingWhateverTheShardsPoints() {
    Acknowledgements.Sent slow = take(acks, 0).orElseThrow();
    Acknowledgements.Sent earlier = acks.take(Fixtures.place(records.get(1)), "key").orElseThrow();
    Acknowledgements.Sent later = acks.take(Fixtures.place(records.get(10)), "key").orElseThrow();

    acks.written(earlier, "s", at(1));
    acks.written(later, "s", at(2));
    acks.written(slow, "s", at(3));
    assertThat(acks.orderViolations()).isZero();

    earlier = acks.take(Fixtures.place(records.get(2)), "key").orElseThrow();
    later = acks.take(Fixtures.place(records.get(11)), "key").orElseThrow();
    acks.written(later, "s", at(4));
    acks.written(earlier, "s", at(5));
    assertThat(acks.orderViolations()).isOne();
  }

  private BitSet ahead(Acknowledgements of) {
    return of.done().shards().get(shard).ahead();
  }

  private LedgerEntry entry(int through, BitSet ahead) {
    return new LedgerEntry(
        1,
        1,
        LedgerEntry.State.STOPPED,
        Optional.of(Fixtures.place(records.get(through))),
        Map.of(shard, new ShardPoint(new After.At(records.get(through).position()), ahead)),
        through + 1,
        0,
        0,
        0,
        0,
        Trail.NONE,
        Optional.empty());
  }

  private Optional<Acknowledgements.Sent> take(Acknowledgements acks, int index) {
    return acks.take(Fixtures.place(records.get(index)), records.get(index).partitionKey());
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    for (int bit : set) {
      bits.set(bit);
    }
    return bits;
  }

  private static ShardPosition at(long sequence) {
    return ShardPosition.of(SequenceNumber.parse(String.valueOf(sequence)));
  }
}
