/**
 * The view of a statement on a DuckDB database of its own: data files, live records and logical
 * columns become tables under the streams' names, and then the database is locked (PROTOCOL 4.3,
 * 4.4, 5.2).
 */
@NullMarked
package io.watershed.query.view;

import org.jspecify.annotations.NullMarked;
