package io.watershed.query;

/**
 * One column of a result.
 *
 * @param name as the statement names it
 * @param type DuckDB's type text, such as {@code BIGINT} or {@code STRUCT(city VARCHAR)}
 */
public record ResultColumn(String name, String type) {}
