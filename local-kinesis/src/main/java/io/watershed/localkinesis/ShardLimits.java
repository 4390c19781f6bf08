package io.watershed.localkinesis;

/**
 * The limits of one shard: 1 MB and 1,000 records a second in, 2 MB and 5 GetRecords calls a second
 * out, and an answer larger than a second's share is paid off before the next (10 MB take five
 * seconds). Source: Quotas and limits, Kinesis Data Streams developer guide.
 */
final class ShardLimits {
  static final int WRITE_BYTES_PER_SECOND = 1 << 20;
  static final int WRITE_RECORDS_PER_SECOND = 1_000;
  static final int READ_BYTES_PER_SECOND = 2 << 20;
  static final int READ_CALLS_PER_SECOND = 5;

  private final TokenBucket writeBytes;
  private final TokenBucket writeRecords;
  private final TokenBucket readBytes;
  private final TokenBucket readCalls;

  ShardLimits(long nowMillis) {
    this.writeBytes = new TokenBucket(WRITE_BYTES_PER_SECOND, nowMillis);
    this.writeRecords = new TokenBucket(WRITE_RECORDS_PER_SECOND, nowMillis);
    this.readBytes = new TokenBucket(READ_BYTES_PER_SECOND, nowMillis);
    this.readCalls = new TokenBucket(READ_CALLS_PER_SECOND, nowMillis);
  }

  /** Admits one record, or refuses it. */
  boolean admitWrite(int bytes, long nowMillis) {
    if (!writeRecords.has(1, nowMillis) || !writeBytes.has(bytes, nowMillis)) {
      return false;
    }
    writeRecords.take(1);
    writeBytes.take(bytes);
    return true;
  }

  /** Admits one GetRecords call, or refuses it. */
  boolean admitRead(long nowMillis) {
    if (!readCalls.has(1, nowMillis) || !readBytes.hasAny(nowMillis)) {
      return false;
    }
    readCalls.take(1);
    return true;
  }

  /** Charges the answer to an admitted call. */
  void chargeRead(long bytes) {
    if (bytes > READ_BYTES_PER_SECOND) {
      readBytes.drainAndTake((double) bytes);
    } else {
      readBytes.take((double) bytes);
    }
  }
}
