package io.watershed.core.record;

/**
 * One shard of one incarnation of a stream. The order (incarnation, then shard id) is only for
 * stable output: it says nothing about time.
 *
 * @param incarnation the incarnation's id, see {@code Incarnation.id()}
 * @param shardId the Kinesis shard id, such as {@code shardId-000000000007}
 */
public record ShardKey(String incarnation, String shardId) implements Comparable<ShardKey> {
  @Override
  public int compareTo(ShardKey other) {
    int byIncarnation = incarnation.compareTo(other.incarnation);
    return byIncarnation != 0 ? byIncarnation : shardId.compareTo(other.shardId);
  }

  @Override
  public String toString() {
    return incarnation + "/" + shardId;
  }
}
