package io.watershed.archive.encode;

import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * Writes one data file. {@link Encoder} is the one that archives; the simulator brings a cheap one.
 */
@FunctionalInterface
public interface DayEncoder {
  /**
   * Writes the file, or says which columns it needs first.
   *
   * @param day the UTC day of every record's arrival
   * @param records in (shard, position) order
   * @param schema the table's payload columns, with their field ids
   * @param sums for the footer
   * @param file to write; left behind for the caller to delete
   */
  EncodeOutcome encode(
      LocalDate day,
      List<StreamRecord> records,
      PayloadSchema schema,
      List<ShardSums> sums,
      Path file);
}
