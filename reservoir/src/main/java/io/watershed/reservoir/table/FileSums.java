package io.watershed.reservoir.table;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.List;
import java.util.Optional;

/**
 * What a data file's footer says of its content (PROTOCOL 3.7, 4.3), as JSON under the Parquet
 * key-value {@value #FOOTER_KEY}.
 *
 * @param shards per shard that has records here, each shard once
 * @param unlistedPaths payload paths that occur in the file but have no column in it, each as its
 *     JSON path text
 * @param sortedByPosition whether the rows are in (shard, position) order, as an archiver writes
 *     them; a rewritten file may have another order
 */
public record FileSums(
    List<ShardSums> shards, List<String> unlistedPaths, boolean sortedByPosition) {
  /** The Parquet key-value metadata key. */
  public static final String FOOTER_KEY = "watershed.sums";

  public FileSums {
    shards = List.copyOf(shards);
    unlistedPaths = List.copyOf(unlistedPaths);
  }

  /** The sums of a file whose rows are in (shard, position) order. */
  public FileSums(List<ShardSums> shards, List<String> unlistedPaths) {
    this(shards, unlistedPaths, true);
  }

  /**
   * The footer's value: one JSON object with a {@code version}, ASCII only.
   *
   * <p>{@code {"version":1,"shards":[{"incarnation":"orders@…","shard":"shardId-…","from":null,
   * "through":"4957…","rows":2,"skipped":0,"digest":"…32 hex…"}],"unlisted":["$.a.b"]}}, and {@code
   * "sorted":false} where the rows are not in order of position
   */
  public String toJson() {
    return FileSumsJson.write(this);
  }

  /**
   * Reads {@link #toJson()}.
   *
   * @throws io.watershed.core.error.WatershedException {@code integrity} if it is not such JSON, or
   *     of a newer version
   */
  public static FileSums parse(String json) {
    return FileSumsJson.read(json);
  }

  /**
   * One shard's share of a commit as this file holds it.
   *
   * @param shard the shard
   * @param from exclusive: the checkpoint before the commit; empty for START
   * @param through inclusive: the checkpoint after the commit
   * @param rows records of the shard in this file
   * @param skipped replayed records that this commit counted instead of archiving (in the first
   *     file of the commit only)
   * @param digest sum over the records of the shard in this file
   */
  public record ShardSums(
      ShardKey shard,
      Optional<ShardPosition> from,
      ShardPosition through,
      long rows,
      long skipped,
      RecordDigest digest) {}
}
