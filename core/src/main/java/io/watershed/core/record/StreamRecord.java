package io.watershed.core.record;

import java.time.Instant;

/**
 * One user record: its position, partition key, arrival time and payload bytes exactly as they
 * came. Immutable by agreement: nobody changes the payload array, and nobody copies it.
 */
public final class StreamRecord {
  private static final long SECONDS_PER_DAY = 86_400;

  private final ShardKey shard;
  private final ShardPosition position;
  private final String partitionKey;
  private final Instant arrivalTime;
  private final byte[] payload;
  private final boolean copy;

  /**
   * @param shard where the record was read
   * @param position its place in that shard
   * @param partitionKey as the service returned it
   * @param arrivalTime ApproximateArrivalTimestamp; selects, but never orders (PROTOCOL 1.3)
   * @param payload the bytes; not copied
   */
  public StreamRecord(
      ShardKey shard,
      ShardPosition position,
      String partitionKey,
      Instant arrivalTime,
      byte[] payload) {
    this(shard, position, partitionKey, arrivalTime, payload, false);
  }

  private StreamRecord(
      ShardKey shard,
      ShardPosition position,
      String partitionKey,
      Instant arrivalTime,
      byte[] payload,
      boolean copy) {
    this.shard = shard;
    this.position = position;
    this.partitionKey = partitionKey;
    this.arrivalTime = arrivalTime;
    this.payload = payload;
    this.copy = copy;
  }

  /**
   * The same record, known to be a copy of one that the archive has: a replayed one that came back
   * to its own stream, and that the stream keeps (PROTOCOL 6.7).
   */
  public StreamRecord asCopy() {
    return new StreamRecord(shard, position, partitionKey, arrivalTime, payload, true);
  }

  /**
   * Whether this is a kept copy of an archived record: {@code _replay_id} is set, views hide it.
   */
  public boolean isCopy() {
    return copy;
  }

  /** The shard that the record was read from. */
  public ShardKey shard() {
    return shard;
  }

  /** The record's place in its shard. */
  public ShardPosition position() {
    return position;
  }

  /** The partition key, as the service returned it. */
  public String partitionKey() {
    return partitionKey;
  }

  /** ApproximateArrivalTimestamp, neither accurate nor monotonic. */
  public Instant arrivalTime() {
    return arrivalTime;
  }

  /** The UTC day of arrival, as days since 1970-01-01: the record's partition. */
  public long arrivalDay() {
    return Math.floorDiv(arrivalTime.getEpochSecond(), SECONDS_PER_DAY);
  }

  /** The payload bytes; shared, so never modified. */
  public byte[] payload() {
    return payload;
  }

  /** Names the position only: payloads never reach a log. */
  @Override
  public String toString() {
    return shard + "@" + position + " (" + payload.length + " bytes)";
  }
}
