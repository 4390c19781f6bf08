package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.duckdb.SqlText;
import io.watershed.query.ScanStep.Part;
import io.watershed.query.view.PositionSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The SQL that picks and sorts the rows of one step.
 *
 * <p>Rows of several shards are joined with a table of the step's parts, and sorted by how far they
 * are in their part: their sequence numbers between the part's first and last one, from 0 to 1. So
 * the shards alternate, each in proportion. The fraction never falls within a shard, and where it
 * is the same the positions decide, so each shard's order is that of its positions whatever the
 * numbers are like.
 */
final class StepSql {
  /** The rank of a row's shard among the wanted ones, where there are several. */
  static final String RANK = "_watershed_rank";

  private static final String IN_ORDER = "_sequence_number, _sub_sequence_number";

  /** So many digits are a number that a double holds exactly. */
  private static final int DIGITS = 15;

  private final ScanStep step;
  private final ScanShards shards;
  private final Map<ShardKey, After> done;
  private final Map<ShardKey, String> lowest = new HashMap<>();

  /**
   * @param done what is not wanted any more of each shard
   */
  StepSql(ScanStep step, ScanShards shards, Map<ShardKey, After> done) {
    this.step = step;
    this.shards = shards;
    this.done = done;
  }

  private boolean hasSeveral() {
    return step.parts().size() > 1;
  }

  /** Parts of which nothing says where they begin: tell {@link #beginsAt} for a fairer order. */
  boolean needsLowest() {
    return hasSeveral() && step.parts().stream().anyMatch(part -> lower(part).isEmpty());
  }

  /** The lowest sequence number that a shard has in the files, padded. */
  void beginsAt(ShardKey shard, String sequenceNumber) {
    lowest.put(shard, sequenceNumber);
  }

  /** The rows of a relation that may be the step's, as a FROM item. */
  String from(String rows) {
    return hasSeveral() ? rows + " JOIN " + table() + " ON " + joined() : rows;
  }

  /** True for rows of the step. */
  String condition() {
    return hasSeveral() ? betweenBounds() : single(step.parts().get(0));
  }

  /** The number of a row's shard among the wanted ones. */
  String rank() {
    return hasSeveral()
        ? RANK
        : String.valueOf(shards.wanted().indexOf(step.parts().get(0).shard()));
  }

  /** The ORDER BY clause. */
  String order() {
    return " ORDER BY " + (hasSeveral() ? fraction() + ", " + RANK + ", " : "") + IN_ORDER;
  }

  private String single(Part part) {
    List<String> conditions = new ArrayList<>();
    conditions.add(ScanShards.rowsOf(part.shard()));
    conditions.add(shards.condition(part.shard()));
    part.window().ifPresent(window -> conditions.add(window.condition()));
    doneOf(part.shard()).ifPresent(position -> conditions.add(PositionSql.isAfter(position)));
    return String.join(" AND ", conditions);
  }

  private Optional<ShardPosition> doneOf(ShardKey shard) {
    return Optional.ofNullable(done.get(shard)).flatMap(After::lastPosition);
  }

  private String joined() {
    String ids =
        step.parts().stream()
            .map(part -> SqlText.literal(part.shard().shardId()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "_incarnation = _watershed_incarnation AND _shard_id = _watershed_shard"
        + " AND _shard_id IN ("
        + ids
        + ")";
  }

  private static String betweenBounds() {
    return "(_sequence_number > _watershed_after OR (_sequence_number = _watershed_after"
        + " AND _sub_sequence_number > _watershed_after_sub))"
        + " AND (_sequence_number < _watershed_through OR (_sequence_number = _watershed_through"
        + " AND _sub_sequence_number <= _watershed_through_sub))";
  }

  private static String fraction() {
    return "CASE WHEN _watershed_span = 0 THEN 0 ELSE (TRY_CAST(substr(_sequence_number,"
        + " _watershed_prefix + 1, "
        + DIGITS
        + ") AS BIGINT) - _watershed_low) / _watershed_span END";
  }

  private String table() {
    return "(VALUES "
        + step.parts().stream().map(this::row).collect(Collectors.joining(", "))
        + ") AS parts(_watershed_incarnation, _watershed_shard, "
        + RANK
        + ", _watershed_after, _watershed_after_sub, _watershed_through, _watershed_through_sub,"
        + " _watershed_prefix, _watershed_low, _watershed_span)";
  }

  private String row(Part part) {
    Optional<Bound> lower = lower(part);
    ShardPosition through = part.window().orElseThrow().through();
    String last = through.sequenceNumber().padded();
    String first =
        lower.map(Bound::sequence).orElseGet(() -> lowest.getOrDefault(part.shard(), last));
    // Between two numbers of one width, all numbers begin with what these two have in common.
    int prefix = commonPrefix(first, last);
    long low = digits(first, prefix);
    return "("
        + SqlText.literal(part.shard().incarnation())
        + ", "
        + SqlText.literal(part.shard().shardId())
        + ", "
        + shards.wanted().indexOf(part.shard())
        + ", "
        + SqlText.literal(lower.map(Bound::sequence).orElse(""))
        + ", "
        + lower.map(Bound::sub).orElse(-1L)
        + "::BIGINT, "
        + SqlText.literal(last)
        + ", "
        + through.subSequenceNumber()
        + "::BIGINT, "
        + prefix
        + ", "
        + low
        + "::BIGINT, "
        + (digits(last, prefix) - low)
        + "::DOUBLE)";
  }

  private static int commonPrefix(String a, String b) {
    int length = 0;
    while (length < a.length() && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return length;
  }

  private static long digits(String number, int from) {
    String digits = number.substring(from, Math.min(number.length(), from + DIGITS));
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }

  /** A position, or the place before the first record of a sequence number: sub -1. */
  private record Bound(String sequence, long sub) implements Comparable<Bound> {
    static Bound after(ShardPosition position) {
      return new Bound(position.sequenceNumber().padded(), position.subSequenceNumber());
    }

    static Bound at(ShardPosition position) {
      return new Bound(position.sequenceNumber().padded(), position.subSequenceNumber() - 1);
    }

    @Override
    public int compareTo(Bound other) {
      int bySequence = sequence.compareTo(other.sequence);
      return bySequence != 0 ? bySequence : Long.compare(sub, other.sub);
    }
  }

  /** The place after which the part begins; empty for the shard's beginning. */
  private Optional<Bound> lower(Part part) {
    List<Bound> bounds = new ArrayList<>();
    part.window().orElseThrow().from().ifPresent(from -> bounds.add(Bound.after(from)));
    shards.start(part.shard()).ifPresent(start -> bounds.add(Bound.at(start)));
    doneOf(part.shard()).ifPresent(position -> bounds.add(Bound.after(position)));
    return bounds.stream().max(Bound::compareTo);
  }
}
