package io.watershed.drill.plan;

import io.watershed.core.payload.PayloadColumn;
import io.watershed.cut.OutsideRows;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.schema.LogicalColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * What all readers of one table of a cut have in common.
 *
 * @param stream the stream's name in the reservoir
 * @param copies whether the rows are the kept copies, or all others
 * @param physical the payload columns, as files have them
 * @param logical the payload columns, as the table has them
 * @param outside rows of filtered files after these places do not belong to the cut
 * @param archived how far each shard was archived when the cut was pinned
 */
public record StreamScan(
    String stream,
    boolean copies,
    List<PayloadColumn> physical,
    List<LogicalColumn> logical,
    List<ShardEnd> outside,
    List<ShardEnd> archived) {
  public StreamScan {
    physical = List.copyOf(physical);
    logical = List.copyOf(logical);
    outside = List.copyOf(outside);
    archived = List.copyOf(archived);
  }

  /** Of a resolved cut. */
  public static StreamScan of(ResolvedStream resolved, boolean copies) {
    List<ShardEnd> outside = new ArrayList<>();
    for (OutsideRows rows : resolved.outside()) {
      outside.add(ShardEnd.of(rows.shard(), rows.after()));
    }
    List<ShardEnd> archived = new ArrayList<>();
    resolved
        .pinned()
        .shards()
        .forEach((key, shard) -> archived.add(ShardEnd.of(key, shard.archived())));
    return new StreamScan(
        resolved.stream(),
        copies,
        resolved.physical().columns(),
        resolved.pinned().schema().columns(),
        outside,
        archived);
  }
}
