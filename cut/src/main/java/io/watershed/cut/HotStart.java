package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the read of a shard begins: at the snapshot's checkpoint, or at the end of what an archiver
 * holds, with the records in between (PROTOCOL 5.4).
 *
 * @param records after the checkpoint, in order
 * @param after everything up to here is archived or in {@code records}
 * @param ends the shard is closed and {@code after} is its end: there is nothing to read
 */
record HotStart(List<StreamRecord> records, After after, boolean ends) {

  /**
   * Decides.
   *
   * @param hot what an archiver holds of the shard
   * @param checkpoint of the pinned snapshot
   */
  static HotStart of(Optional<HotShard> hot, After checkpoint) {
    return hot.flatMap(held -> held.after(checkpoint).map(records -> of(held, records)))
        .orElse(new HotStart(List.of(), checkpoint, false));
  }

  private static HotStart of(HotShard held, List<StreamRecord> records) {
    return new HotStart(records, new After.At(held.high()), held.drained());
  }

  /** When the last of the records had arrived; empty if there are none. */
  Optional<Instant> lastArrival() {
    return records.isEmpty()
        ? Optional.empty()
        : Optional.of(records.get(records.size() - 1).arrivalTime());
  }
}
