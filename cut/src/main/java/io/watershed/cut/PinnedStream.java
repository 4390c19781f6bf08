package io.watershed.cut;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.cut.StreamCut;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.cut.schema.LogicalSchema;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One stream's part of a receipt.
 *
 * @param stream the stream's name in the reservoir
 * @param tableUuid the archive table; {@link #NO_TABLE} if there was none yet
 * @param snapshotHint the snapshot that was current
 * @param shards every shard of the cut
 * @param schema the view's payload columns
 * @param gaps every gap known when the cut was resolved
 */
public record PinnedStream(
    String stream,
    UUID tableUuid,
    OptionalLong snapshotHint,
    SortedMap<ShardKey, PinnedShard> shards,
    LogicalSchema schema,
    List<Gap> gaps) {
  /** Stands for a table that does not exist yet: everything was read from the stream. */
  public static final UUID NO_TABLE = new UUID(0, 0);

  public PinnedStream {
    shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
    gaps = List.copyOf(gaps);
  }

  /** Refuses a statement that needs what the receipt's own did not read. */
  void requireWhatIsNeeded(LiveNeed need) {
    shards.forEach(
        (key, shard) -> {
          if (shard.readTo().filter(readTo -> !need.isWithin(key, readTo)).isPresent()) {
            throw new WatershedException(
                ErrorCode.INVALID_INPUT,
                "the receipt's statement filtered '"
                    + stream
                    + "' by shard or sequence number, and did not read "
                    + key.shardId()
                    + shard
                        .readTo()
                        .flatMap(ReadTo::last)
                        .map(last -> " beyond " + last)
                        .orElse(""),
                "Ask with the same filter, or take a receipt of a statement without it.");
          }
        });
  }

  /** The cut alone. */
  public StreamCut cut() {
    TreeMap<ShardKey, ShardThrough> throughs = new TreeMap<>();
    shards.forEach((key, shard) -> throughs.put(key, shard.through()));
    return new StreamCut(stream, tableUuid, snapshotHint, throughs);
  }
}
