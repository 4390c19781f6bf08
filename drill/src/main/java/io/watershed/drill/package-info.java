/**
 * Apache Drill's storage plugin for a reservoir: a stream's table is planned as one pinned cut
 * (PROTOCOL 5.6), its archived files as Drill's own Parquet scan and its live records as one unit
 * of work per shard. Knows nothing of DuckDB; what is pinned and what a column means is in {@code
 * cut}.
 */
@NullMarked
package io.watershed.drill;

import org.jspecify.annotations.NullMarked;
