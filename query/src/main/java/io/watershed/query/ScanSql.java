package io.watershed.query;

import io.watershed.duckdb.SqlText;
import io.watershed.query.view.Relation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The SQL of what a scan selects. */
final class ScanSql {
  private final ScanRequest request;
  private final ScanShards shards;

  ScanSql(ScanRequest request, ScanShards shards) {
    this.request = request;
    this.shards = shards;
  }

  /** The request's expressions as text, by the names of their columns. */
  List<String> values() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < request.expressions().size(); i++) {
      names.add(value(i));
    }
    return names;
  }

  /** The name of an expression's column: no stream has one that begins so. */
  private static String value(int number) {
    return "_watershed_value_" + number;
  }

  /** Rows that the predicate selects, with the columns of the view. */
  String selected(Relation relation) {
    return selected(relation, Map.of());
  }

  /** The same with the request's expressions, and others by the names of their columns. */
  String selectedWithValues(Relation relation, Map<String, String> others) {
    StringBuilder computed = new StringBuilder();
    for (int i = 0; i < request.expressions().size(); i++) {
      computed
          .append(", (\n")
          .append(request.expressions().get(i))
          .append("\n)::VARCHAR AS ")
          .append(value(i));
    }
    return selected(relation, computed, others);
  }

  /** The same with expressions by the names of their columns. */
  String selected(Relation relation, Map<String, String> computed) {
    return selected(relation, new StringBuilder(), computed);
  }

  /** In a subquery of their own, expressions and predicate cannot reach beyond. */
  private String selected(Relation relation, StringBuilder columns, Map<String, String> computed) {
    computed.forEach(
        (name, expression) ->
            columns.append(", (\n").append(expression).append("\n) AS ").append(name));
    return "(SELECT *"
        + columns
        + " FROM ("
        + relation.sql()
        + ") AS "
        + SqlText.name(request.stream())
        + request.selection().where().map(predicate -> " WHERE (\n" + predicate + "\n)").orElse("")
        + ") AS selected";
  }

  /** True for rows of the wanted shards and times. */
  String bounds() {
    return shards.condition() + " AND " + times();
  }

  /** True for rows of the wanted times. */
  String times() {
    List<String> conditions = new ArrayList<>(List.of("true"));
    request
        .selection()
        .from()
        .ifPresent(from -> conditions.add("_arrival_time >= " + literal(from)));
    request
        .selection()
        .until()
        .ifPresent(until -> conditions.add("_arrival_time < " + literal(until)));
    return String.join(" AND ", conditions);
  }

  /** Arrival times have microseconds at most; a bound between two of them selects as it should. */
  private static String literal(Instant time) {
    long micros = Math.multiplyExact(time.getEpochSecond(), 1_000_000L);
    return "make_timestamptz(" + (micros + (time.getNano() + 999L) / 1000) + ")";
  }
}
