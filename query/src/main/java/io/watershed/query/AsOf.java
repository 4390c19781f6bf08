package io.watershed.query;

import java.time.Instant;

/** The past that a statement sees: an earlier statement's cut, or the cut at a time. */
public sealed interface AsOf {
  /**
   * Exactly the records that an earlier statement saw.
   *
   * @param idOrBody a receipt's id, or its JSON body
   */
  record Receipt(String idOrBody) implements AsOf {}

  /**
   * What had arrived by a time, as far as arrival times can tell: each shard up to the record
   * before its first one, in order of position, that arrived later (PROTOCOL 5.1).
   *
   * @param time not in the future
   */
  record Time(Instant time) implements AsOf {}

  /** The cut of a receipt. */
  static AsOf receipt(String idOrBody) {
    return new Receipt(idOrBody);
  }

  /** The cut at a time. */
  static AsOf time(Instant time) {
    return new Time(time);
  }
}
