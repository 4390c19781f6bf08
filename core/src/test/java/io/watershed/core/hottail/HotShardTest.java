package io.watershed.core.hottail;

import static io.watershed.core.hottail.HotRecords.at;
import static io.watershed.core.hottail.HotRecords.position;
import static io.watershed.core.hottail.HotRecords.record;
import static io.watershed.core.hottail.HotRecords.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PROTOCOL 5.4: low <= checkpoint <= high, and filtered by the checkpoint. */
class HotShardTest {
  private static final HotShard TEN_TO_TWENTY = held(at(10), records(11, 20));

  private static HotShard held(After low, List<StreamRecord> records) {
    ShardPosition high = records.get(records.size() - 1).position();
    return new HotShard(HotRecords.SHARD, low, high, false, records);
  }

  @Test
  void aCheckpointBelowLowIsNotAnswered() {
    assertThat(TEN_TO_TWENTY.after(at(9))).isEmpty();
    assertThat(TEN_TO_TWENTY.after(new After.Start())).isEmpty();
  }

  @Test
  void aCheckpointAtLowGetsEverything() {
    assertThat(positions(TEN_TO_TWENTY.after(at(10)))).isEqualTo(range(11, 20));
  }

  @Test
  void aCheckpointInsideFiltersWhatIsArchived() {
    assertThat(positions(TEN_TO_TWENTY.after(at(15)))).isEqualTo(range(16, 20));
  }

  @Test
  void aCheckpointAtHighIsAnsweredWithNothing() {
    assertThat(positions(TEN_TO_TWENTY.after(at(20)))).isEmpty();
  }

  @Test
  void aCheckpointAboveHighIsNotAnswered() {
    assertThat(TEN_TO_TWENTY.after(at(21))).isEmpty();
  }

  @Test
  void fromTheStartOfAShardAnyCheckpointUpToHighIsAnswered() {
    HotShard fromStart = held(new After.Start(), records(1, 5));
    assertThat(positions(fromStart.after(new After.Start()))).isEqualTo(range(1, 5));
    assertThat(positions(fromStart.after(at(3)))).isEqualTo(range(4, 5));
    assertThat(fromStart.after(at(6))).isEmpty();
  }

  @Test
  void aFinishedShardIsNotAnswered() {
    assertThat(TEN_TO_TWENTY.after(new After.End(Optional.of(position(15))))).isEmpty();
  }

  /** A checkpoint covers whole Kinesis records, however many user records were made of one. */
  @Test
  void onlySequenceNumbersAreCompared() {
    After subTwo = new After.At(new ShardPosition(position(10).sequenceNumber(), 2));
    assertThat(positions(TEN_TO_TWENTY.after(subTwo))).isEqualTo(range(11, 20));
    HotShard low = held(subTwo, List.of(record(11)));
    assertThat(positions(low.after(at(10)))).isEqualTo(range(11, 11));
    After aboveHigh = new After.At(new ShardPosition(position(20).sequenceNumber(), 7));
    assertThat(positions(TEN_TO_TWENTY.after(aboveHigh))).isEmpty();
  }

  private static List<String> positions(Optional<List<StreamRecord>> records) {
    return records.orElseThrow().stream().map(r -> r.position().text()).toList();
  }

  private static List<String> range(long first, long last) {
    return records(first, last).stream().map(r -> r.position().text()).toList();
  }
}
