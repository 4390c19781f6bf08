/**
 * The tables {@code watershed.*}: what the archives' metadata and the replay ledger say now, one
 * class a table. Each is filled only when a statement names it, and opens no data file.
 */
@NullMarked
package io.watershed.query.system;

import org.jspecify.annotations.NullMarked;
