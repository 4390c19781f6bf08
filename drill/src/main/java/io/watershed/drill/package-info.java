/**
 * Apache Drill's storage plugin for a reservoir: a stream's table is planned as one pinned cut
 * (PROTOCOL 5.6), with its files and its shards' live ranges as units of one scan. What Drill calls
 * is here; what travels is in {@code plan}, what reads is in {@code read}. Knows nothing of DuckDB;
 * what is pinned and what a column means is in {@code cut}.
 */
@NullMarked
package io.watershed.drill;

import org.jspecify.annotations.NullMarked;
