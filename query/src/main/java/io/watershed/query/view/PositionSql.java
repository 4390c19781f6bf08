package io.watershed.query.view;

import io.watershed.core.record.ShardPosition;
import io.watershed.duckdb.SqlText;

/** Conditions on positions, for rows of one shard. */
public final class PositionSql {
  private PositionSql() {}

  /** True for rows after the position; in brackets. */
  public static String isAfter(ShardPosition position) {
    return beyond(position, ">");
  }

  /** True for rows at the position or after it; in brackets. */
  public static String isAtOrAfter(ShardPosition position) {
    return beyond(position, ">=");
  }

  private static String beyond(ShardPosition position, String subCompared) {
    String sequence = SqlText.literal(position.sequenceNumber().padded());
    return "(_sequence_number > "
        + sequence
        + " OR (_sequence_number = "
        + sequence
        + " AND _sub_sequence_number "
        + subCompared
        + " "
        + position.subSequenceNumber()
        + "))";
  }
}
