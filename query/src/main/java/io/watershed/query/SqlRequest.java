package io.watershed.query;

import io.watershed.cut.LiveMode;
import java.util.Optional;

/**
 * One statement to run.
 *
 * @param sql one SELECT by the user
 * @param asOf the past that the statement sees; empty for the present
 * @param live whether to read the live side; with a receipt, what it needs is always read unless
 *     OFF
 */
public record SqlRequest(String sql, Optional<AsOf> asOf, LiveMode live) {
  /** The statement over a fresh cut, with the live side if it can be reached. */
  public static SqlRequest of(String sql) {
    return new SqlRequest(sql, Optional.empty(), LiveMode.AUTO);
  }

  /** The same statement at a receipt. */
  public SqlRequest at(String receipt) {
    return at(AsOf.receipt(receipt));
  }

  /** The same statement over this past. */
  public SqlRequest at(AsOf past) {
    return new SqlRequest(sql, Optional.of(past), live);
  }

  /** The same statement in another live mode. */
  public SqlRequest with(LiveMode other) {
    return new SqlRequest(sql, asOf, other);
  }
}
