package io.watershed.localkinesis;

import io.netty.buffer.ByteBufUtil;

/**
 * A record in memory.
 *
 * @param partitionKey as it was put
 * @param payload shared, never modified
 * @param storedMillis when it was put: decides its expiry
 * @param arrivalMillis ApproximateArrivalTimestamp: what readers are told
 */
@SuppressWarnings("ArrayRecordComponent") // handed around, never compared
record HeldRecord(String partitionKey, byte[] payload, long storedMillis, long arrivalMillis) {
  /** What counts for limits of the service. */
  int size() {
    return size(partitionKey, payload);
  }

  /** Payload and partition key, in bytes. */
  static int size(String partitionKey, byte[] payload) {
    return payload.length + ByteBufUtil.utf8Bytes(partitionKey);
  }

  /** What counts against the bound on memory. */
  long footprint() {
    return (long) size() + ShardLog.OVERHEAD_BYTES;
  }
}
