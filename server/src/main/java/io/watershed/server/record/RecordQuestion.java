package io.watershed.server.record;

import io.watershed.query.Catalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which records of a stream are wanted, in which order, as SQL. Every text from outside becomes a
 * literal, but for the predicate, which was checked to be one.
 *
 * @param from arrived then or later
 * @param to arrived before
 * @param shard of this shard
 * @param after of one shard, after this place
 * @param newestFirst the order
 */
record RecordQuestion(
    String stream,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> shard,
    Optional<RecordPosition> after,
    Optional<String> key,
    Optional<String> where,
    boolean newestFirst) {
  private static final String ORDER_COLUMNS =
      "_arrival_time, _incarnation, _shard_id, _sequence_number, _sub_sequence_number";

  /** The places of the next records, in order. */
  String placesSql(Optional<PageToken> page, int limit) {
    return "SELECT "
        + ORDER_COLUMNS
        + " FROM ("
        + bothSides(ORDER_COLUMNS, conditions(page))
        + ") ORDER BY "
        + order()
        + " LIMIT "
        + limit;
  }

  /** The next records, in order, all of which arrived between the two. */
  String recordsSql(Optional<PageToken> page, Instant least, Instant most, int limit) {
    List<String> conditions = conditions(page);
    conditions.add("_arrival_time >= " + text(least.toString()));
    conditions.add("_arrival_time <= " + text(most.toString()));
    return "SELECT * FROM ("
        + bothSides(ORDER_COLUMNS + ", _partition_key, _payload, _decode_error", conditions)
        + ") ORDER BY "
        + order()
        + " LIMIT "
        + limit;
  }

  /** The one record at a place, with every column. */
  static String wholeSql(String stream, RecordPosition place) {
    List<String> conditions =
        List.of(
            "_shard_id = " + text(place.shard()),
            "_sequence_number = " + text(place.position().sequenceNumber().padded()),
            "_sub_sequence_number = " + place.position().subSequenceNumber());
    return "SELECT * FROM ("
        + sides(stream, "*", conditions)
        + ") ORDER BY _arrival_time DESC LIMIT 1";
  }

  private String order() {
    return newestFirst ? ORDER_COLUMNS.replace(",", " DESC,") + " DESC" : ORDER_COLUMNS;
  }

  private String bothSides(String columns, List<String> conditions) {
    return sides(stream, columns, conditions);
  }

  private static String sides(String stream, String columns, List<String> conditions) {
    return side(stream, "archive", columns, conditions)
        + " UNION ALL "
        + side(stream, "live", columns, conditions);
  }

  private static String side(String stream, String side, String columns, List<String> conditions) {
    return "SELECT "
        + columns
        + ", '"
        + side
        + "' AS _side FROM "
        + Catalog.quoted(stream + "_" + side)
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }

  private List<String> conditions(Optional<PageToken> page) {
    List<String> all = new ArrayList<>();
    from.ifPresent(time -> all.add("_arrival_time >= " + text(time.toString())));
    to.ifPresent(time -> all.add("_arrival_time < " + text(time.toString())));
    shard.ifPresent(id -> all.add("_shard_id = " + text(id)));
    key.ifPresent(text -> all.add("_partition_key = " + text(text)));
    after.ifPresent(place -> all.add(after(place)));
    page.ifPresent(token -> all.addAll(after(token)));
    where.ifPresent(sql -> all.add("(\n" + sql + "\n)"));
    return all;
  }

  private static String after(RecordPosition place) {
    String sequence = text(place.position().sequenceNumber().padded());
    return "_shard_id = "
        + text(place.shard())
        + " AND (_sequence_number > "
        + sequence
        + " OR (_sequence_number = "
        + sequence
        + " AND _sub_sequence_number > "
        + place.position().subSequenceNumber()
        + "))";
  }

  /** Beyond the record of the token, in the order of the columns; the first also for the files. */
  private List<String> after(PageToken token) {
    String beyond = newestFirst ? " < " : " > ";
    String time = text(token.arrival().toString());
    String[][] columns = {
      {"_arrival_time", time},
      {"_incarnation", text(token.incarnation())},
      {"_shard_id", text(token.shard())},
      {"_sequence_number", text(token.sequence())},
      {"_sub_sequence_number", String.valueOf(token.sub())}
    };
    String sql = columns[4][0] + beyond + columns[4][1];
    for (int i = columns.length - 2; i >= 0; i--) {
      String name = columns[i][0];
      String value = columns[i][1];
      sql = name + beyond + value + " OR (" + name + " = " + value + " AND (" + sql + "))";
    }
    return List.of("_arrival_time" + beyond.strip() + "= " + time, "(" + sql + ")");
  }

  /** The text as a literal of SQL. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
