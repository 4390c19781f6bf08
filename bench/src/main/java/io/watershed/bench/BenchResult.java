package io.watershed.bench;

import java.util.OptionalDouble;

/**
 * One figure.
 *
 * @param name what was measured, such as {@code GetRecords, CBOR, 1 KB records}
 * @param figure the median of the rounds
 * @param unit such as {@code MB/s} (10^6 bytes) or {@code ms}
 * @param better which direction is good
 * @param reference the same unit, measured in the same run: what the machine could do at best
 * @param referenceName what the reference is
 * @param goal what the figure should reach; empty if it only informs
 */
public record BenchResult(
    String name,
    double figure,
    String unit,
    Better better,
    OptionalDouble reference,
    String referenceName,
    OptionalDouble goal) {

  /** Which direction is good. */
  public enum Better {
    /** Such as a throughput. */
    HIGHER,
    /** Such as a duration. */
    LOWER
  }

  /** Figure divided by reference. */
  public OptionalDouble ratio() {
    return reference.isPresent() && reference.getAsDouble() != 0
        ? OptionalDouble.of(figure / reference.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Whether the goal is reached, or there is none. */
  public boolean reachesGoal() {
    if (goal.isEmpty()) {
      return true;
    }
    return better == Better.HIGHER ? figure >= goal.getAsDouble() : figure <= goal.getAsDouble();
  }
}
