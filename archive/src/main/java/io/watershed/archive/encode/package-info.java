/**
 * From records to archive files: typed columns by the shared record table, Parquet by DuckDB's
 * COPY, and the footer's sums in Java. Local files only; uploading and committing are elsewhere.
 */
@NullMarked
package io.watershed.archive.encode;

import org.jspecify.annotations.NullMarked;
