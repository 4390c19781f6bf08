package io.watershed.replay;

import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.PutEntry;
import io.watershed.query.RecordScan.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a plan would do, for a person who decides about it. Unlike the plan it may hold keys and
 * payloads, and it depends on the target as it is now.
 *
 * @param extent times and keys of the selected records; empty if there are none
 * @param targetArn the target
 * @param openShards the target's open shards
 * @param atLeast how long a run takes at the plan's pace, if the records spread evenly over the
 *     shards and nobody else writes
 * @param first the first records of the archive's order as they would arrive
 */
public record PlanOutlook(
    Optional<Extent> extent,
    String targetArn,
    int openShards,
    Duration atLeast,
    List<Arrival> first) {
  public PlanOutlook {
    first = List.copyOf(first);
  }

  /**
   * One record as it would arrive.
   *
   * @param origin the archived record
   * @param entry what is put: partition key, and the payload in its envelope
   */
  public record Arrival(StreamRecord origin, PutEntry entry) {
    /** The record that consumers would get, at the place and time of the archived one. */
    public StreamRecord arriving() {
      return new StreamRecord(
          origin.shard(),
          origin.position(),
          entry.partitionKey(),
          origin.arrivalTime(),
          entry.payload());
    }
  }
}
