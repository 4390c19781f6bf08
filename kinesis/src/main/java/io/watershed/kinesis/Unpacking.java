package io.watershed.kinesis;

import io.watershed.core.aggregate.Aggregate;
import io.watershed.core.aggregate.Aggregate.UserRecord;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.payload.JsonDocuments;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes user records of Kinesis records, for everything that reads a shard. Those of one Kinesis
 * record share its sequence number and arrival time, and are numbered from 0. None is left out,
 * whichever shard its key belongs to (docs/decisions/0002-aggregated-records.md).
 */
final class Unpacking {
  private final Documents documents;
  private final List<StreamRecord> unpacked = new ArrayList<>();

  private Unpacking(Documents documents) {
    this.documents = documents;
  }

  /** The user records in these Kinesis records, in order. */
  static List<StreamRecord> unpack(List<StreamRecord> records, Documents documents) {
    Unpacking unpacking = new Unpacking(documents);
    records.forEach(unpacking::unpack);
    return unpacking.unpacked;
  }

  private void unpack(StreamRecord outer) {
    if (!(AggregateReader.read(outer.payload()) instanceof Aggregate.Of aggregate)) {
      take(outer, outer.partitionKey(), outer.payload(), 0);
      return;
    }
    long next = 0;
    for (UserRecord inner : aggregate.records()) {
      next = take(outer, inner.partitionKey(), inner.payload(), next);
    }
  }

  /** Appends what is in the payload; returns the next sub-sequence number. */
  private long take(StreamRecord outer, String partitionKey, byte[] payload, long first) {
    List<byte[]> slices =
        documents == Documents.MANY ? JsonDocuments.split(payload) : List.of(payload);
    if (slices.size() == 1 && payload == outer.payload()) {
      unpacked.add(outer);
      return first + 1;
    }
    long next = first;
    for (byte[] slice : slices) {
      unpacked.add(
          new StreamRecord(
              outer.shard(),
              new ShardPosition(outer.position().sequenceNumber(), next++),
              partitionKey,
              outer.arrivalTime(),
              slice));
    }
    return next;
  }
}
