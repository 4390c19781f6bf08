/**
 * Records as DuckDB tables: a table function over records in memory that shreds payloads as DuckDB
 * asks for columns, and the SQL around it that gives them the archive's columns. The encoder and
 * the live side of the view share it, so that both see the same values. No files, no Kinesis.
 */
@NullMarked
package io.watershed.duckdb;

import org.jspecify.annotations.NullMarked;
