package io.watershed.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReshardingTest {
  @Test
  void scalingEndsInUniformRangesByMergesOfTwoAndSplitsInTwo() {
    for (int from : new int[] {1, 2, 3, 7, 10}) {
      for (int to : new int[] {1, 2, 3, 5, 8, 20}) {
        LocalStream stream = stream(from);
        stream.scaleTo(to, 1_000);
        assertThat(stream.openShards())
            .extracting(LocalShard::hashRange)
            .containsExactlyElementsOf(LocalStream.uniformRanges(to));
        assertThat(stream.shards())
            .allSatisfy(
                shard -> {
                  assertThat(shard.parents().size()).isLessThanOrEqualTo(2);
                  assertThat(shard.isOpen()).isEqualTo(shard.children().isEmpty());
                  assertThat(shard.children())
                      .allMatch(child -> child.parents().contains(shard))
                      .allMatch(child -> child.numberSecond() > shard.numberSecond());
                });
      }
    }
  }

  @Test
  void aShardThatIsAlreadyRightIsLeftAlone() {
    LocalStream stream = stream(2);
    stream.scaleTo(4, 1_000);
    assertThat(stream.shards()).hasSize(6);
    stream.scaleTo(4, 2_000);
    assertThat(stream.shards()).hasSize(6);
  }

  @Test
  void everyHashKeyHasOneOpenShard() {
    LocalStream stream = stream(3);
    stream.scaleTo(5, 1_000);
    for (LocalShard shard : stream.openShards()) {
      HashRange range = shard.hashRange();
      for (BigInteger hash : List.of(range.first(), range.last())) {
        assertThat(stream.openShardFor(hash)).isSameAs(shard);
      }
    }
  }

  private static LocalStream stream(int shards) {
    return new LocalStream(
        "s",
        "arn",
        LocalStream.Mode.PROVISIONED,
        shards,
        1_024,
        0,
        0,
        new HeldBytes(),
        new Mischief(Hostility.NONE));
  }
}
