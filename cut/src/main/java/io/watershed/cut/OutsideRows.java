package io.watershed.cut;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * Archived rows that do not belong to a cut.
 *
 * @param shard the shard
 * @param after its rows after this position are outside; empty: all of them are
 */
public record OutsideRows(ShardKey shard, Optional<ShardPosition> after) {}
