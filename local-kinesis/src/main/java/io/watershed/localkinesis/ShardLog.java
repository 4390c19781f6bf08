package io.watershed.localkinesis;

/** The records of one shard. */
final class ShardLog {
  /** What a record costs besides its payload and partition key, in bytes. */
  static final int OVERHEAD_BYTES = 128;

  private ShardLog() {}
}
