package io.watershed.hive;

import java.io.DataInput;
import java.io.DataOutput;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.io.Writable;
import org.jspecify.annotations.Nullable;

/** A row on its way from the reader to the SerDe, inside of one task: it is never written. */
final class RowWritable implements Writable {
  private List<@Nullable Object> values = List.of();

  void set(@Nullable Object[] row) {
    values = Arrays.asList(row);
  }

  /** One value for each of the table's columns; null for those that the query does not read. */
  List<@Nullable Object> values() {
    return values;
  }

  @Override
  public void write(DataOutput out) {
    throw new UnsupportedOperationException("rows of a stream do not travel");
  }

  @Override
  public void readFields(DataInput in) {
    throw new UnsupportedOperationException("rows of a stream do not travel");
  }
}
