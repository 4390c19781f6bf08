package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.kinesis.TargetView.Answer;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The target has two halves, "low" and "high", which become one shard, "all". */
class TargetViewTest {
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(127);
  private static final Shard LOW = shard("low", BigInteger.ZERO, HALF.subtract(BigInteger.ONE));
  private static final Shard HIGH = shard("high", HALF, HashKey.MAX);
  private static final Shard ALL = shard("all", BigInteger.ZERO, HashKey.MAX);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final TargetView view = new TargetView(answer(LOW, HIGH), Duration.ofMinutes(1), 0);

  @Test
  void aPackIsAtHomeWhereItWasMeantForOrWhereAllOfItsKeysAre() {
    Parcel<Integer> ofLow = parcel("low", BigInteger.ONE, BigInteger.TWO);
    assertThat(view.isAtHome(ofLow, "low")).isTrue();
    assertThat(view.isAtHome(ofLow, "all")).as("nobody has listed it").isFalse();

    view.answered(answer(ALL));
    assertThat(view.isAtHome(ofLow, "all")).as("its shard was merged meanwhile").isTrue();

    view.answered(answer(LOW, HIGH));
    Parcel<Integer> ofAll = parcel("all", BigInteger.ONE, HALF);
    assertThat(view.isAtHome(ofAll, "low")).as("its shard was split meanwhile").isFalse();
    assertThat(view.isAtHome(parcel("all", HALF), "low")).as("one record alone").isTrue();
  }

  @Test
  void whatLandsElsewhereIsAskedForSoonUntilAListingHasThatShard() {
    assertThat(view.dueNanos()).isEqualTo(60 * SECOND);
    view.landed(parcel("low", BigInteger.ONE), "low");
    assertThat(view.isStale()).isFalse();

    view.landed(parcel("low", BigInteger.ONE), "all");

    assertThat(view.isStale()).isTrue();
    assertThat(view.dueNanos()).isEqualTo(SECOND);
    view.asked(5 * SECOND);
    view.answered(answer(LOW, HIGH));
    assertThat(view.isStale()).as("the listing is of before").isTrue();
    assertThat(view.dueNanos()).isEqualTo(6 * SECOND);
    view.answered(answer(ALL));
    assertThat(view.isStale()).isFalse();
    assertThat(view.dueNanos()).isEqualTo(65 * SECOND);
  }

  @Test
  void whatWasSentBeforeTheLastListingAsksForNoOther() {
    view.answered(answer(ALL));

    view.landed(parcel("low", BigInteger.ONE), "all");

    assertThat(view.isStale()).isFalse();
  }

  @Test
  void aShardThatIsNeverListedIsNotWaitedForForEver() {
    view.landed(parcel("low", BigInteger.ONE), "gone again");
    for (int listing = 0; listing < 9; listing++) {
      view.answered(answer(LOW, HIGH));
    }
    assertThat(view.isStale()).isTrue();

    view.answered(answer(LOW, HIGH));

    assertThat(view.isStale()).isFalse();
  }

  private static Parcel<Integer> parcel(String shardId, BigInteger... hashKeys) {
    List<WriteItem<Integer>> items = new ArrayList<>();
    for (BigInteger hashKey : hashKeys) {
      PutEntry entry = new PutEntry("k" + hashKey, Optional.empty(), new byte[1]);
      items.add(new WriteItem<>(items.size(), entry, "k" + hashKey, hashKey, 0));
    }
    return new Parcel<>(shardId, items, 1);
  }

  private static Answer answer(Shard... shards) {
    return new Answer(
        new StreamDescription(
            "target",
            HostileSink.INCARNATION,
            "ACTIVE",
            Duration.ofDays(1),
            shards.length,
            1 << 20),
        new TargetShards(List.of(shards)));
  }

  private static Shard shard(String id, BigInteger first, BigInteger last) {
    return new Shard(
        new ShardKey(HostileSink.INCARNATION.id(), id), List.of(), new HashRange(first, last));
  }
}
