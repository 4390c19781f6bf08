package io.watershed.archive.encode;

import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.reservoir.table.NewDataFile;

/** What came of encoding one file. */
public sealed interface EncodeOutcome {
  /**
   * The file is complete.
   *
   * @param file to upload and commit
   * @param bytes its size
   * @param unlisted what its payloads hold without a column; in the footer too
   */
  record Encoded(NewDataFile file, long bytes, UnlistedPaths unlisted) implements EncodeOutcome {}

  /**
   * There is no file: the records have paths that should be columns. Commit the columns (PROTOCOL
   * 3.6), then encode again with the schema that the table then has. It can take several rounds,
   * each of which adds at least one column, so the column bound bounds them.
   *
   * @param grown the schema and the new columns, these without field ids
   */
  record NeedsColumns(PayloadSchema grown) implements EncodeOutcome {}
}
