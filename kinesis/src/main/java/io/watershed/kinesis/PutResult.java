package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;

/** What became of one record of a PutRecords request. */
public sealed interface PutResult {
  /** Written. */
  record Written(String shardId, SequenceNumber sequenceNumber) implements PutResult {}

  /** Not written: over the shard's limit, or an internal failure. Safe to send again. */
  record Rejected(boolean throttled, String errorCode, String message) implements PutResult {}
}
