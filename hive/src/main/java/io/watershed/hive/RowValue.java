package io.watershed.hive;

import io.watershed.core.payload.PayloadRow;
import io.watershed.core.record.StreamRecord;
import org.jspecify.annotations.Nullable;

/** Makes one column of a record, as the Java object that Hive expects for its type. */
@FunctionalInterface
interface RowValue {
  /**
   * The value; null for SQL's NULL.
   *
   * @param payload its typed columns; without any if no column asks for them
   */
  @Nullable Object of(StreamRecord record, PayloadRow payload);
}
