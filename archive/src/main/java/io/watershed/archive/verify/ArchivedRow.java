package io.watershed.archive.verify;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import org.jspecify.annotations.Nullable;

/**
 * One row of a data file, without its payload columns.
 *
 * @param shard the shard
 * @param position its place there
 * @param partitionKey the key
 * @param arrivalMicros arrival time in microseconds since the epoch
 * @param payload the bytes
 * @param decodeError what the column says
 */
@SuppressWarnings("ArrayRecordComponent") // read and dropped, never compared
record ArchivedRow(
    ShardKey shard,
    ShardPosition position,
    String partitionKey,
    long arrivalMicros,
    byte[] payload,
    @Nullable String decodeError) {

  RecordDigest digest() {
    return RecordDigest.of(shard, position, partitionKey, payload);
  }
}
