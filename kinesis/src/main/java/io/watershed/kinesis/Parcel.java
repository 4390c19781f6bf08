package io.watershed.kinesis;

import io.watershed.core.aggregate.AggregateWriter;
import java.util.List;
import java.util.Optional;

/**
 * What is one Kinesis record: a record of the window, or several of one shard packed together. Of
 * each key it holds consecutive records, from its oldest unacknowledged one on. So whatever lands
 * twice or late repeats what is there already, in order.
 *
 * @param shardId the shard that it is meant for
 * @param items at least one, in input order
 * @param bytes at most what it counts against the shard's quota
 */
record Parcel<T>(String shardId, List<WriteItem<T>> items, long bytes) {
  boolean isPacked() {
    return items.size() > 1;
  }

  /**
   * What is put. A pack goes by the partition key of its first record, so into the shard that owns
   * all of its keys, as far as was known.
   */
  PutEntry entry() {
    PutEntry first = items.get(0).entry();
    if (!isPacked()) {
      return first;
    }
    AggregateWriter pack = new AggregateWriter();
    for (WriteItem<T> item : items) {
      pack.add(item.entry().partitionKey(), item.entry().payload());
    }
    return new PutEntry(first.partitionKey(), Optional.empty(), pack.toBytes());
  }
}
