package io.watershed.replay;

/**
 * How a run writes to one shard of its target, over the last seconds.
 *
 * @param shardId the shard
 * @param recordsPerSecond acknowledged a second
 * @param bytesPerSecond acknowledged a second, envelopes and partition keys included
 * @param quotaShare the part of the shard's write quota that this is: 1 is all
 * @param allowedShare the part that the run allows itself now; infinite without pace
 * @param throttles records that the shard refused as over its limit, since the run began here
 */
public record ShardProgress(
    String shardId,
    double recordsPerSecond,
    double bytesPerSecond,
    double quotaShare,
    double allowedShare,
    long throttles) {}
