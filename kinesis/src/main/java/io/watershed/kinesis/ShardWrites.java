package io.watershed.kinesis;

/**
 * What an {@link OrderedWriter} has done on one shard of its target since the shard was opened.
 *
 * @param shardId the shard
 * @param records acknowledged
 * @param entries what they count against the quota: packed records are one
 * @param bytes payloads and partition keys acknowledged
 * @param throttled records that the shard was too busy for
 * @param allowedShare the part of the quota that the writer allows itself now; infinite without
 *     pace
 */
public record ShardWrites(
    String shardId, long records, long entries, long bytes, long throttled, double allowedShare) {

  /**
   * The part of a shard's write quota that this is, the larger of entries and bytes: 1 is all.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">quotas</a>
   */
  public static double quotaShare(double entriesPerSecond, double bytesPerSecond) {
    return Math.max(
        entriesPerSecond / ShardRate.QUOTA_RECORDS_PER_SECOND,
        bytesPerSecond / ShardRate.QUOTA_BYTES_PER_SECOND);
  }
}
