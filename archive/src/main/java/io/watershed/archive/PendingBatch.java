package io.watershed.archive;

import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The records of one read, or what a commit left of them.
 *
 * @param records in shard order; may be empty
 * @param weight bytes in memory
 * @param tipAt when the read was asked for, if it reached the tip: everything that had arrived by
 *     then is in this batch or before it
 * @param number of the read, counted over all shards of a session
 */
public record PendingBatch(
    List<StreamRecord> records, long weight, Optional<Instant> tipAt, long number) {
  /** Objects, references, headers and the position's 64 characters of one record. */
  private static final int RECORD_OVERHEAD_BYTES = 320;

  static PendingBatch of(List<StreamRecord> records, Optional<Instant> tipAt, long number) {
    long weight = 0;
    for (StreamRecord record : records) {
      weight += RECORD_OVERHEAD_BYTES + record.payload().length + record.partitionKey().length();
    }
    return new PendingBatch(records, weight, tipAt, number);
  }
}
