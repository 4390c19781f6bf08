package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointTextTest {
  private static final ShardKey KEY = new ShardKey("orders@20260101T000000.000Z", "shardId-7");
  private static final HashRange RANGE = new HashRange(BigInteger.ZERO, BigInteger.TEN.pow(38));

  /** The arrival of the last record tells an idle shard from a trimmed one when reading resumes. */
  @Test
  void aCheckpointComesBackWithEverythingThatResumingNeeds() {
    ShardCheckpoint full =
        new ShardCheckpoint(
            new Shard(KEY, List.of("shardId-3", "shardId-5"), RANGE),
            new After.At(ShardPosition.parse("4711.3")),
            Optional.of(Instant.parse("2026-01-02T03:04:05.678Z")),
            12,
            3,
            new RecordDigest(1, 2),
            Optional.of(Instant.parse("2026-01-02T03:04:05.600Z")));
    assertThat(CheckpointText.readCheckpoint(KEY, CheckpointText.write(full))).isEqualTo(full);
    ShardCheckpoint empty = ShardCheckpoint.start(new Shard(KEY, List.of(), RANGE));
    assertThat(CheckpointText.readCheckpoint(KEY, CheckpointText.write(empty))).isEqualTo(empty);
  }
}
