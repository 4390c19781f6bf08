package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records are named after their key and number, such as a1. */
class WriteWindowTest {
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(127);
  private static final TargetShards ONE =
      new TargetShards(List.of(shard("one", BigInteger.ZERO, HashKey.MAX)));
  private static final TargetShards HALVES =
      new TargetShards(
          List.of(
              shard("low", BigInteger.ZERO, HALF.subtract(BigInteger.ONE)),
              shard("high", HALF, HashKey.MAX)));
  private static final PutResult.Written WRITTEN =
      new PutResult.Written("one", SequenceNumber.parse("1"));

  private final OrderedWriteSettings settings =
      OrderedWriteSettings.DEFAULTS.withQuotaShare(Double.POSITIVE_INFINITY);

  @Test
  void aPackThatMustGoAgainWaitsAndOnlyTheOldestOfEachKeyIsReadyThen() {
    ShardLanes<String> lanes = new ShardLanes<>(settings.withDense(true), ONE, false, 0);
    WriteWindow<String> window = window(lanes, "a1", "a2", "b1");
    List<Parcel<String>> packs = window.take(0);
    assertThat(names(packs)).containsExactly("a1", "a2", "b1");
    assertThat(packs).hasSize(1);
    assertThat(window.inFlight()).isEqualTo(3);

    window.again(packs.get(0), 50);

    assertThat(window.inFlight()).isZero();
    assertThat(window.release(49)).hasValue(50);
    assertThat(window.take(49)).isEmpty();
    assertThat(lanes.hasReady()).isFalse();
    assertThat(window.release(50)).isEmpty();
    assertThat(lanes.all().mapToInt(lane -> lane.ready().size()).sum()).isEqualTo(2);
    assertThat(names(window.take(50))).containsExactly("a1", "a2", "b1");
  }

  @Test
  void theNextRecordOfAKeyGoesWhenTheOneBeforeIsThere() {
    ShardLanes<String> lanes = new ShardLanes<>(settings, ONE, false, 0);
    WriteWindow<String> window = window(lanes, "a1", "a2", "b1");
    List<Parcel<String>> first = window.take(0);
    assertThat(names(first)).containsExactly("a1", "b1");

    window.again(first.get(0), 10);
    window.acknowledged(first.get(1), WRITTEN);
    assertThat(window.take(5)).isEmpty();
    window.release(10);
    List<Parcel<String>> again = window.take(10);
    assertThat(names(again)).containsExactly("a1");

    window.acknowledged(again.get(0), WRITTEN);
    assertThat(names(window.take(10))).containsExactly("a2");
  }

  @Test
  void whatWaitsGoesToTheShardsThatThereAreNow() {
    ShardLanes<String> lanes = new ShardLanes<>(settings, ONE, false, 0);
    WriteWindow<String> window = window(lanes, "a1", "b1", "c1", "d1");

    lanes.reshard(HALVES, 1);

    assertThat(lanes.lane("one")).isEmpty();
    List<Parcel<String>> request = window.take(1);
    assertThat(names(request)).containsExactlyInAnyOrder("a1", "b1", "c1", "d1");
    assertThat(request)
        .allSatisfy(
            parcel ->
                assertThat(HALVES.owns(parcel.shardId(), parcel.items().get(0).hashKey)).isTrue());
    assertThat(lanes.hasReady()).isFalse();
    assertThat(lanes.nextNanos(1)).isEmpty();
  }

  private static WriteWindow<String> window(ShardLanes<String> lanes, String... names) {
    WriteWindow<String> window = new WriteWindow<>(lanes);
    for (String name : names) {
      String key = name.substring(0, 1);
      PutEntry entry = new PutEntry(key, Optional.empty(), new byte[10]);
      window.accept(entry, key, HashKey.of(key), name);
    }
    return window;
  }

  private static List<String> names(List<Parcel<String>> parcels) {
    return parcels.stream()
        .flatMap(parcel -> parcel.items().stream())
        .map(item -> item.token)
        .toList();
  }

  private static Shard shard(String id, BigInteger first, BigInteger last) {
    return new Shard(
        new ShardKey(HostileSink.INCARNATION.id(), id), List.of(), new HashRange(first, last));
  }
}
