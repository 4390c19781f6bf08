package io.watershed.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeCutTest {
  private static final ShardKey SHARD = new ShardKey("orders@1", "shardId-000000000000");

  private static TimeCut before(String sequence) {
    return TimeCut.of(Instant.EPOCH, Map.of(SHARD, SequenceNumber.parse(sequence)), Map.of());
  }

  @Test
  void everyRecordBelowTheFirstLaterOneIsInsideAndNoneOfItself() {
    ShardPosition end = before("101").ends().get(SHARD);
    assertThat(end).isGreaterThan(ShardPosition.parse("100.7"));
    assertThat(end).isLessThan(ShardPosition.parse("101"));
  }

  @Test
  void nothingIsBelowTheLowestNumber() {
    TimeCut cut = before("0");
    assertThat(cut.ends()).isEmpty();
    assertThat(cut.endsBeforeLiveSide(SHARD)).isTrue();
  }
}
