package io.watershed.cut;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.reservoir.table.DataFileInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Looks into the rows of data files, which this package cannot read. Thread-safe. */
@FunctionalInterface
public interface ArchivedPositions {
  /**
   * Per shard, the lowest sequence number in these files whose record arrived later than a time.
   *
   * @return shards without such a record are left out
   */
  Map<ShardKey, SequenceNumber> firstLater(List<DataFileInfo> files, Instant time);
}
