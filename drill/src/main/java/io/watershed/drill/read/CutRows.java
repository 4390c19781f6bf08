package io.watershed.drill.read;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.SystemColumn;
import io.watershed.drill.plan.FileUnit;
import io.watershed.drill.plan.ShardEnd;
import io.watershed.drill.plan.StreamScan;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Of a file's rows those that belong to the table's part of the cut. */
final class CutRows implements Rows {
  private static final int REPLAY_ID = Row.index(SystemColumn.REPLAY_ID);

  private final Rows rows;
  private final boolean copies;
  private final boolean filtered;
  private final Map<ShardKey, After> outside = new HashMap<>();

  CutRows(Rows rows, StreamScan scan, FileUnit unit) {
    this.rows = rows;
    this.copies = scan.copies();
    this.filtered = unit.filtered();
    for (ShardEnd end : scan.outside()) {
      outside.put(end.shard(), end.place());
    }
  }

  /** Indexes of the columns that tell, beside those that are read. */
  static BitSet plus(BitSet wanted, FileUnit unit) {
    BitSet more = (BitSet) wanted.clone();
    more.set(REPLAY_ID);
    if (unit.filtered()) {
      more.set(Row.index(SystemColumn.INCARNATION));
      more.set(Row.index(SystemColumn.SHARD_ID));
      more.set(Row.index(SystemColumn.SEQUENCE_NUMBER));
      more.set(Row.index(SystemColumn.SUB_SEQUENCE_NUMBER));
    }
    return more;
  }

  @Override
  public boolean next(Row row) {
    while (rows.next(row)) {
      if (row.isPresent(REPLAY_ID) == copies && !(filtered && isOutside(row))) {
        return true;
      }
    }
    return false;
  }

  private boolean isOutside(Row row) {
    ShardKey shard =
        new ShardKey(text(row, SystemColumn.INCARNATION), text(row, SystemColumn.SHARD_ID));
    After end = outside.get(shard);
    if (end == null) {
      return false;
    }
    Optional<ShardPosition> through = end.lastPosition();
    return through.isEmpty() || position(row).compareTo(through.get()) > 0;
  }

  private static ShardPosition position(Row row) {
    return new ShardPosition(
        new SequenceNumber(text(row, SystemColumn.SEQUENCE_NUMBER)),
        row.number(Row.index(SystemColumn.SUB_SEQUENCE_NUMBER)));
  }

  private static String text(Row row, SystemColumn column) {
    return new String(row.bytes(Row.index(column)), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    rows.close();
  }
}
