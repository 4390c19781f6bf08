/**
 * Results as text: table, JSON, NDJSON and CSV, written row by row in constant memory. The JSON
 * forms are a stable contract for programs.
 */
@NullMarked
package io.watershed.query.format;

import org.jspecify.annotations.NullMarked;
