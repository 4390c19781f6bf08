package io.watershed.localkinesis;

import java.time.Instant;
import java.util.Optional;

/**
 * Which shards ListShards shows.
 *
 * @param type the filter's type
 * @param afterShardIndex for AFTER_SHARD_ID
 * @param timeMillis for the two types with a time
 */
record ShardFilter(Type type, int afterShardIndex, long timeMillis) {
  /** The types of the service. */
  enum Type {
    AFTER_SHARD_ID,
    AT_TRIM_HORIZON,
    FROM_TRIM_HORIZON,
    AT_LATEST,
    AT_TIMESTAMP,
    FROM_TIMESTAMP;

    boolean hasTime() {
      return this == AT_TIMESTAMP || this == FROM_TIMESTAMP;
    }
  }

  /** What no filter means. */
  static final ShardFilter ALL = new ShardFilter(Type.FROM_TRIM_HORIZON, -1, 0);

  static ShardFilter of(Fields filter) {
    String text = filter.requiredText("Type");
    Type type;
    try {
      type = Type.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw ServiceError.constraint(
          "'" + text + "'",
          "shardFilter.type",
          "Member must satisfy enum value set: [AT_TIMESTAMP, AFTER_SHARD_ID, FROM_TRIM_HORIZON,"
              + " AT_TRIM_HORIZON, FROM_TIMESTAMP, AT_LATEST]");
    }
    Optional<String> shardId = filter.name("ShardId");
    Optional<Instant> time = filter.time("Timestamp");
    if ((type == Type.AFTER_SHARD_ID) != shardId.isPresent()
        || type.hasTime() != time.isPresent()) {
      throw ServiceError.invalidArgument(
          "ShardFilter of type "
              + type
              + (type == Type.AFTER_SHARD_ID
                  ? " takes a ShardId, and no Timestamp."
                  : type.hasTime()
                      ? " takes a Timestamp, and no ShardId."
                      : " takes neither a ShardId nor a Timestamp."));
    }
    return new ShardFilter(
        type,
        shardId.map(ShardReference::index).orElse(-1),
        time.map(Instant::toEpochMilli).orElse(0L));
  }

  boolean shows(LocalShard shard, long trimHorizonMillis) {
    return switch (type) {
      case AFTER_SHARD_ID -> shard.index() > afterShardIndex;
      case AT_TRIM_HORIZON -> wasOpenAt(shard, trimHorizonMillis);
      case FROM_TRIM_HORIZON -> true;
      case AT_LATEST -> shard.isOpen();
      case AT_TIMESTAMP -> wasOpenAt(shard, timeMillis);
      case FROM_TIMESTAMP ->
          shard.isOpen() || closedMillis(shard) >= Math.max(timeMillis, trimHorizonMillis);
    };
  }

  private static boolean wasOpenAt(LocalShard shard, long millis) {
    return shard.createdMillis() <= millis && closedMillis(shard) >= millis;
  }

  private static long closedMillis(LocalShard shard) {
    return shard.closedMillis().orElse(Long.MAX_VALUE);
  }
}
