/**
 * The gate for user SQL: one SELECT that reaches nothing but the view. DuckDB parses the statement,
 * we walk its syntax tree against lists of what is allowed, so that a construct that a later DuckDB
 * invents is refused until somebody has looked at it. The gate executes nothing. The same tree
 * tells which rows of a table a statement can need ({@link io.watershed.cut.condition.Conditions}).
 */
@NullMarked
package io.watershed.query.gate;

import org.jspecify.annotations.NullMarked;
