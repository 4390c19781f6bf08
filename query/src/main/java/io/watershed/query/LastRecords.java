package io.watershed.query;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.duckdb.SqlText;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StatementDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The last record per key of a scan's selection (PROTOCOL 6.4): found once, and kept as positions
 * in a table of the statement's database. DuckDB groups keys beyond its memory on disk. For the
 * steps of a scan they are numbered once, and only one step's part is joined at a time.
 *
 * <p>A key's records are first reduced to its last one in each shard: that keeps the shards that a
 * key is in, so that the check of its lineage costs nothing while no key is in two. The greatest
 * text of a position is found several times faster than that of a struct, and {@code arg_max} of
 * rows does not go to disk.
 */
final class LastRecords {
  /** The row's position as text that sorts as positions do. */
  private static final String PLACE =
      "(CASE WHEN _sub_sequence_number = 0 THEN _sequence_number ELSE _sequence_number || '/'"
          + " || lpad(_sub_sequence_number::VARCHAR, 19, '0') END)";

  private static final String KEY = "_watershed_key";
  private static final String ORDER = "_watershed_order";
  private static final String TOMBSTONE = "_watershed_tombstone";
  private static final String SHARDS = "_watershed_shards";
  private static final String BEST = "_watershed_best";
  private static final String PLACES = "_watershed_places";
  private static final String KEYS = "_watershed_keys";
  private static final String WINNERS = "_watershed_winners";
  private static final String NUMBERED = "_watershed_numbered_";

  private final StatementDatabase database;
  private final LastPerKey last;
  private final Lineage lineage;
  private final List<ShardKey> shards;
  private final IdentityHashMap<List<ScanStep>, String> numbered = new IdentityHashMap<>();
  private long selected;
  private long keys;
  private long withoutKey;

  private LastRecords(
      StatementDatabase database, LastPerKey last, Lineage lineage, List<ShardKey> shards) {
    this.database = database;
    this.last = last;
    this.lineage = lineage;
    this.shards = shards;
  }

  /**
   * Finds them.
   *
   * @param shards those that are wanted, in scan order
   * @param rows a SELECT of what the scan selects, with the columns of {@link #computed}; scanned
   *     twice if an order is named
   * @throws WatershedException {@code refused} if positions do not say which record of a key is the
   *     last, and no order is named
   */
  static LastRecords find(
      StatementDatabase database,
      LastPerKey last,
      Lineage lineage,
      List<ShardKey> shards,
      String rows) {
    LastRecords found = new LastRecords(database, last, lineage, shards);
    try {
      found.find(rows);
    } catch (SQLException e) {
      throw SqlErrors.ofStatement(e);
    }
    return found;
  }

  /** Numbers them by the steps that they are in: before these are read. */
  void number(List<ScanStep> steps) {
    if (numbered.containsKey(steps)) {
      return;
    }
    String table = NUMBERED + numbered.size();
    try {
      number(steps, table);
    } catch (SQLException e) {
      throw SqlErrors.ofStatement(e);
    }
    numbered.put(steps, table);
  }

  /** What {@link #find} and the conditions read of each row, by the names of their columns. */
  static Map<String, String> computed(LastPerKey last) {
    Map<String, String> columns = new TreeMap<>(Map.of(KEY, last.key()));
    last.orderBy().ifPresent(order -> columns.put(ORDER, order));
    last.tombstone().ifPresent(tombstone -> columns.put(TOMBSTONE, tombstone));
    return columns;
  }

  /**
   * True for the rows of a step that are the last of their key, or have none.
   *
   * @param steps given to {@link #number} before
   */
  String isLast(List<ScanStep> steps, ScanStep step) {
    String winner =
        "EXISTS (FROM "
            + Objects.requireNonNull(numbered.get(steps))
            + " WHERE step = "
            + step.number()
            + " AND place = "
            + PLACE
            + " AND rank = "
            + (step.parts().size() > 1
                ? StepSql.RANK
                : String.valueOf(shards.indexOf(step.parts().get(0).shard())))
            + ")";
    return withoutKey == 0 ? winner : "(" + KEY + " IS NULL OR " + winner + ")";
  }

  /** The same without keys that are left out as deleted. */
  String isDelivered(List<ScanStep> steps, ScanStep step) {
    return isLast(steps, step) + (last.dropTombstones() ? " AND NOT " + tombstone() : "");
  }

  /** True for tombstones: a record without key deletes nothing. Never NULL. */
  String tombstone() {
    return last.tombstone().isEmpty()
        ? "false"
        : "coalesce(" + KEY + " IS NOT NULL AND " + TOMBSTONE + ", false)";
  }

  /** True for last records that are left out. Never NULL. */
  String dropped() {
    return last.dropTombstones() ? tombstone() : "false";
  }

  /**
   * @param tombstones how many of the last records are tombstones
   */
  Compaction compaction(long tombstones) {
    return new Compaction(
        selected, keys, withoutKey, tombstones, last.dropTombstones() ? tombstones : 0);
  }

  private void find(String rows) throws SQLException {
    createShards();
    String key = KEY;
    String source = rows;
    if (last.orderBy().isPresent()) {
      create(
          BEST,
          "SELECT "
              + KEY
              + " AS k, max("
              + ORDER
              + ") AS v, count(*) AS n FROM ("
              + rows
              + ")"
              + " GROUP BY 1");
      key = "r." + KEY;
      source =
          "("
              + rows
              + ") AS r SEMI JOIN "
              + BEST
              + " AS b ON r."
              + KEY
              + " = b.k AND r."
              + ORDER
              + " IS NOT DISTINCT FROM b.v";
    } else {
      source = "(" + rows + ") AS r";
    }
    create(
        PLACES,
        "SELECT k, rank, place, n, first_key, last_key FROM (SELECT "
            + key
            + " AS k, _incarnation, _shard_id, max("
            + PLACE
            + ") AS place, count(*) AS n, "
            + partitionKeys()
            + " FROM "
            + source
            + " GROUP BY 1, 2, 3) JOIN "
            + SHARDS
            + " USING (_incarnation, _shard_id)");
    count(last.orderBy().isPresent() ? BEST : PLACES);
    create(
        KEYS,
        "SELECT k, max(rank) AS rank, count(*) AS shards, min(first_key) IS DISTINCT FROM"
            + " max(last_key) AS mixed FROM "
            + PLACES
            + " WHERE k IS NOT NULL GROUP BY 1");
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), coalesce(sum(shards), 0)::BIGINT,"
                    + " count(*) FILTER (mixed) FROM "
                    + KEYS)) {
      row.next();
      keys = row.getLong(1);
      boolean inSeveralShards = row.getLong(2) > keys;
      long mixed = row.getLong(3);
      row.close();
      if (last.orderBy().isEmpty()) {
        requireOnePartitionKey(mixed);
        if (inSeveralShards) {
          requireOneLineage();
        }
      }
      createWinners(inSeveralShards);
    }
    List.of(BEST, PLACES, KEYS).forEach(table -> database.run("DROP TABLE IF EXISTS " + table));
  }

  /** Partition keys are compared only where they can differ: it takes as long as the rest. */
  private String partitionKeys() {
    boolean same =
        last.orderBy().isPresent()
            || last.key().strip().toLowerCase(Locale.ROOT).equals(LastPerKey.PARTITION_KEY);
    return same
        ? "NULL AS first_key, NULL AS last_key"
        : "min(coalesce(_partition_key, '')) AS first_key,"
            + " max(coalesce(_partition_key, '')) AS last_key";
  }

  private void create(String table, String select) throws SQLException {
    try (Statement statement = database.connection().createStatement()) {
      statement.execute("CREATE TEMP TABLE " + table + " AS " + select);
    }
  }

  private void createShards() throws SQLException {
    List<String> values = new ArrayList<>();
    for (int rank = 0; rank < shards.size(); rank++) {
      ShardKey shard = shards.get(rank);
      values.add(
          "("
              + rank
              + ", "
              + SqlText.literal(shard.incarnation())
              + ", "
              + SqlText.literal(shard.shardId())
              + ")");
    }
    create(
        SHARDS,
        "FROM "
            + table(values, "(NULL::INTEGER, NULL::VARCHAR, NULL::VARCHAR)")
            + " AS s(rank, _incarnation, _shard_id)");
  }

  /** Rows as a relation, which has none if there are none. */
  private static String table(List<String> rows, String types) {
    return rows.isEmpty()
        ? "(SELECT * FROM (VALUES " + types + ") LIMIT 0)"
        : "(VALUES " + String.join(", ", rows) + ")";
  }

  private void count(String table) throws SQLException {
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(sum(n), 0)::BIGINT,"
                    + " coalesce(sum(n) FILTER (k IS NULL), 0)::BIGINT FROM "
                    + table)) {
      row.next();
      selected = row.getLong(1);
      withoutKey = row.getLong(2);
    }
  }

  private void createWinners(boolean inSeveralShards) throws SQLException {
    String winners =
        inSeveralShards
            ? "(FROM "
                + PLACES
                + " AS p SEMI JOIN "
                + KEYS
                + " AS w ON p.k = w.k AND p.rank = w.rank)"
            : "(FROM " + PLACES + " WHERE k IS NOT NULL)";
    create(WINNERS, "SELECT w.rank, w.place FROM " + winners + " AS w");
  }

  /** A place is in the first window of its shard that does not end before it, or it is live. */
  private void number(List<ScanStep> steps, String table) throws SQLException {
    List<String> ends = new ArrayList<>();
    List<String> live = new ArrayList<>();
    for (ScanStep step : steps) {
      for (ScanStep.Part part : step.parts()) {
        int rank = shards.indexOf(part.shard());
        part.window()
            .ifPresentOrElse(
                window ->
                    ends.add(
                        "("
                            + rank
                            + ", "
                            + SqlText.literal(place(window.through()))
                            + ", "
                            + step.number()
                            + ")"),
                () -> live.add("(" + rank + ", " + step.number() + ")"));
      }
    }
    create(
        table,
        "SELECT coalesce(e.step, l.step) AS step, w.rank, w.place FROM "
            + WINNERS
            + " AS w LEFT JOIN "
            + table(live, "(NULL::INTEGER, NULL::INTEGER)")
            + " AS l(rank, step) ON w.rank = l.rank ASOF LEFT JOIN "
            + table(ends, "(NULL::INTEGER, NULL::VARCHAR, NULL::INTEGER)")
            + " AS e(rank, through, step) ON w.rank = e.rank AND w.place <= e.through ORDER BY 1");
  }

  /** As {@link #PLACE}. */
  private static String place(ShardPosition position) {
    String sequence = position.sequenceNumber().padded();
    return position.subSequenceNumber() == 0
        ? sequence
        : sequence + String.format(Locale.ROOT, "/%019d", position.subSequenceNumber());
  }

  private void requireOnePartitionKey(long mixed) {
    if (mixed > 0) {
      throw noLast(
          mixed
              + " of "
              + keys
              + " keys have records of several partition keys: between these, positions do not say"
              + " which is the last");
    }
  }

  private void requireOneLineage() throws SQLException {
    String pairs =
        "(SELECT k, rank, lag(rank) OVER (PARTITION BY k ORDER BY rank) AS before FROM "
            + PLACES
            + " SEMI JOIN (FROM "
            + KEYS
            + " WHERE shards > 1) AS several USING (k))";
    List<String> unrelated = new ArrayList<>();
    String example = "";
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT before, rank FROM "
                    + pairs
                    + " WHERE before IS NOT NULL GROUP BY ALL ORDER BY ALL")) {
      while (row.next()) {
        ShardKey before = shards.get(row.getInt(1));
        ShardKey shard = shards.get(row.getInt(2));
        if (!follows(shard, before)) {
          unrelated.add("(" + row.getInt(1) + ", " + row.getInt(2) + ")");
          example = example.isEmpty() ? before.shardId() + " and " + shard.shardId() : example;
        }
      }
    }
    if (!unrelated.isEmpty()) {
      throw noLast(
          keysOf(pairs, unrelated)
              + " of "
              + keys
              + " keys have records in shards of which none descends from the other, such as "
              + example
              + ": between these, positions do not say which is the last");
    }
  }

  /** Whether what the shard holds of a key came after what the other one holds of it. */
  private boolean follows(ShardKey shard, ShardKey before) {
    return !shard.incarnation().equals(before.incarnation())
        || Incarnation.isImport(shard.incarnation())
        || lineage.ancestors(shard).contains(before);
  }

  private long keysOf(String pairs, List<String> unrelated) throws SQLException {
    try (Statement statement = database.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(DISTINCT k) FROM "
                    + pairs
                    + " AS p SEMI JOIN "
                    + table(unrelated, "")
                    + " AS u(before, rank) ON p.before = u.before AND p.rank = u.rank")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static WatershedException noLast(String what) {
    return new WatershedException(
        ErrorCode.REFUSED,
        what,
        "Name the order with --order-by <expression>, select with --shard or --where, or use the"
            + " key by which records were put.");
  }
}
