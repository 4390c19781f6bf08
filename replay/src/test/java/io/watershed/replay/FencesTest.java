package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Position;
import io.watershed.core.error.WatershedException;
import io.watershed.core.stream.HashKey;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.replay.Fences.Fence;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FencesTest {
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(127);
  private static final Position LOW = new Position("s@1", "shardId-0", "12", 7);
  private static final Position HIGH = new Position("s@1", "shardId-1", "34", 7);
  private static final Fences FENCES =
      new Fences(
          List.of(
              new Fence(new HashRange(BigInteger.ZERO, HALF.subtract(BigInteger.ONE)), LOW),
              new Fence(new HashRange(HALF, HashKey.MAX), HIGH)));

  @Test
  void aKeyHasTheFenceOfTheShardThatTakesIt() {
    for (int i = 0; i < 20; i++) {
      String key = "key-" + i;
      boolean low = HashKey.of(key).compareTo(HALF) < 0;
      assertThat(FENCES.of(key)).hasValue(low ? LOW : HIGH);
    }
    assertThat(Fences.NONE.of("key")).isEmpty();
  }

  @Test
  void theLedgerKeepsThemWhole() {
    assertThat(Fences.parse("key", FENCES.json())).isEqualTo(FENCES);
    for (String bad : new String[] {"", "{}", "{\"version\":2,\"fences\":[]}"}) {
      assertThatThrownBy(() -> Fences.parse("key", bad.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(WatershedException.class);
    }
  }
}
