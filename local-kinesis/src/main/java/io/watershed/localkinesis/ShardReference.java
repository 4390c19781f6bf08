package io.watershed.localkinesis;

/** Finds the shard that a request names. */
final class ShardReference {
  private ShardReference() {}

  static LocalShard find(Account account, LocalStream stream, String shardId) {
    stream.expire(account.nowMillis());
    return stream
        .shard(index(shardId))
        .orElseThrow(
            () ->
                ServiceError.notFound(
                    "Shard "
                        + shardId
                        + " in stream "
                        + stream.name()
                        + " under account "
                        + account.id()
                        + " does not exist"));
  }

  /** The number in a shard id; -1 if there is none. */
  static int index(String shardId) {
    return shardId.matches("shardId-\\d{12}") && shardId.compareTo("shardId-002147483647") <= 0
        ? Integer.parseInt(shardId.substring("shardId-".length()))
        : -1;
  }
}
