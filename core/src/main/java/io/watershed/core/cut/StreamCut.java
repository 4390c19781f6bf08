package io.watershed.core.cut;

import io.watershed.core.record.ShardKey;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One consistent reading point of one stream (PROTOCOL 5.1): per shard, one inclusive
 * through-position. It names exactly one set of records, whatever is archived later. A shard that
 * is not listed is excluded, unless it ended before the archive's lineage was compacted.
 *
 * @param stream the stream's name in the reservoir (its alias)
 * @param tableUuid the archive table's identity: a table that was dropped and made again is another
 * @param snapshotHint the snapshot that was current; only a hint
 * @param shards per shard, its through-position
 */
public record StreamCut(
    String stream,
    UUID tableUuid,
    OptionalLong snapshotHint,
    SortedMap<ShardKey, ShardThrough> shards) {

  public StreamCut {
    shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
  }

  /** The same cut over these shards. */
  public StreamCut withShards(Map<ShardKey, ShardThrough> others) {
    return new StreamCut(stream, tableUuid, snapshotHint, new TreeMap<>(others));
  }
}
