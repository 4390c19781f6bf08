package io.watershed.drill.read;

import io.watershed.core.record.StreamRecord;
import java.util.Iterator;
import java.util.List;

/** The records of a shard's live range as rows. */
final class ShardRows implements Rows {
  private final Iterator<StreamRecord> records;
  private final RecordRow filler;

  /**
   * @param copies whether the kept copies are wanted, or all others
   */
  ShardRows(List<StreamRecord> records, boolean copies, RecordRow filler) {
    this.records = records.stream().filter(record -> record.isCopy() == copies).iterator();
    this.filler = filler;
  }

  @Override
  public boolean next(Row row) {
    if (!records.hasNext()) {
      return false;
    }
    filler.fill(row, records.next());
    return true;
  }

  @Override
  public void close() {}
}
