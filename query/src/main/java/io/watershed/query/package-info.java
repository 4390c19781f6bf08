/**
 * SQL and ordered scans over archived and live records as one exactly-once view (PROTOCOL 5). The
 * public face: {@link io.watershed.query.QueryEngine}. Cuts are resolved in {@code cut}, user SQL
 * is checked in {@code gate}, the view is built in {@code view}, {@code system} has the tables
 * {@code watershed.*}, results are written in {@code format}.
 */
@NullMarked
package io.watershed.query;

import org.jspecify.annotations.NullMarked;
