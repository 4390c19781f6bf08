package io.watershed.reservoir.table;

import java.nio.file.Path;
import java.time.LocalDate;

/**
 * A Parquet file that was encoded locally and is uploaded and appended by the commit. Its footer
 * holds the sums (see {@link FileSums}); Iceberg metrics are read from the footer as well.
 *
 * @param file local path; deleted by whoever made it
 * @param day the UTC day of every record's arrival time: the partition
 * @param rows number of records
 */
public record NewDataFile(Path file, LocalDate day, long rows) {}
