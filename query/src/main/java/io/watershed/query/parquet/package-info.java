/**
 * Writes Parquet files row by row: pages, row groups, footer (https://parquet.apache.org/docs/).
 * parquet-java encodes the pages; its own file writer needs Hadoop, so files are put together here.
 * Knows nothing of results.
 */
@NullMarked
package io.watershed.query.parquet;

import org.jspecify.annotations.NullMarked;
