package io.watershed.kinesis;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import java.util.List;
import java.util.Optional;

/**
 * One answer of GetRecords.
 *
 * @param records in shard order, possibly empty even before the tip; from a {@link ShardReader}
 *     user records, all of those of a Kinesis record together
 * @param nextIterator where to go on; empty when the shard is closed and read to its end
 * @param millisBehindLatest 0 at the tip
 * @param childShards with the end of a shard: its children, if the service names them
 * @param gapBefore records between the previous batch and this one may have been trimmed while the
 *     reader was behind; only {@link ResumingShardReader} knows
 */
public record ReadBatch(
    List<StreamRecord> records,
    Optional<String> nextIterator,
    long millisBehindLatest,
    List<Shard> childShards,
    Optional<Gap> gapBefore) {

  /** An answer with no gap before it. */
  public ReadBatch(
      List<StreamRecord> records,
      Optional<String> nextIterator,
      long millisBehindLatest,
      List<Shard> childShards) {
    this(records, nextIterator, millisBehindLatest, childShards, Optional.empty());
  }

  /** The sum of the payloads' sizes. */
  public long payloadBytes() {
    long bytes = 0;
    for (StreamRecord record : records) {
      bytes += record.payload().length;
    }
    return bytes;
  }

  /** Whether the shard is closed and this was its last batch. */
  public boolean endsShard() {
    return nextIterator.isEmpty();
  }

  /** Whether nothing newer was in the shard at the time of the read. */
  public boolean atTip() {
    return millisBehindLatest == 0;
  }

  ReadBatch withRecords(List<StreamRecord> others) {
    return new ReadBatch(others, nextIterator, millisBehindLatest, childShards, gapBefore);
  }

  ReadBatch withGapBefore(Optional<Gap> gap) {
    return new ReadBatch(records, nextIterator, millisBehindLatest, childShards, gap);
  }
}
