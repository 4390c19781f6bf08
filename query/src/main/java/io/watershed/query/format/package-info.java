/**
 * Results as text (table, JSON, NDJSON, CSV) and as Parquet, written row by row in bounded memory.
 * The JSON forms are a stable contract for programs.
 */
@NullMarked
package io.watershed.query.format;

import org.jspecify.annotations.NullMarked;
