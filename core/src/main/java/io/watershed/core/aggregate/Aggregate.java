package io.watershed.core.aggregate;

import java.util.List;

/** What a Kinesis record turned out to be. */
public sealed interface Aggregate {
  /** A record like any other: it lacks the mark. */
  record None() implements Aggregate {}

  /**
   * An aggregated record.
   *
   * @param records what is in it, in order; at least one
   */
  record Of(List<UserRecord> records) implements Aggregate {}

  /**
   * It has the mark, and yet is no aggregated record, or one that cannot be trusted.
   *
   * @param problem what is wrong
   */
  record Broken(AggregateProblem problem) implements Aggregate {}

  /**
   * One record as its producer put it.
   *
   * @param partitionKey its own
   * @param payload its bytes; never modified
   */
  @SuppressWarnings("ArrayRecordComponent") // a value to hand over, never compared
  record UserRecord(String partitionKey, byte[] payload) {}
}
