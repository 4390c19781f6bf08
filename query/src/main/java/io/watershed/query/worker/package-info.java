/**
 * User SQL in a process of its own. The parent checks the statement, resolves the cut and brings
 * the data to local files; a child JVM without credentials opens DuckDB over these files, runs the
 * SQL within a memory limit, and sends typed rows back in frames. A child that crashes, eats memory
 * or hangs ends one statement. Not here: what a statement may say ({@code gate}), and the views
 * ({@code view}).
 */
@org.jspecify.annotations.NullMarked
package io.watershed.query.worker;
