package io.watershed.hive;

import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Leaves out records by their arrival time before anybody decodes their payloads. Hive applies its
 * filter again, so to let one through does no harm; the sums of a range are over all of it.
 */
final class RecordFilter {
  private final List<List<Condition>> references;

  RecordFilter(Conditions conditions) {
    this.references =
        conditions.references().stream()
            .map(
                all ->
                    all.stream()
                        .filter(c -> c.isOn(SystemColumn.ARRIVAL_TIME.columnName()))
                        .toList())
            .toList();
  }

  /** Whether the query can need the record. */
  boolean mayNeed(StreamRecord record) {
    Instant arrival = record.arrivalTime().truncatedTo(ChronoUnit.MICROS);
    return references.stream().anyMatch(all -> all.stream().allMatch(c -> holds(c, arrival)));
  }

  private static boolean holds(Condition condition, Instant arrival) {
    List<Instant> times = condition.constants().stream().map(Instant.class::cast).toList();
    return switch (condition.op()) {
      case EQUAL, IN -> times.contains(arrival);
      case LESS -> arrival.isBefore(times.get(0));
      case LESS_OR_EQUAL -> !arrival.isAfter(times.get(0));
      case GREATER -> arrival.isAfter(times.get(0));
      case GREATER_OR_EQUAL -> !arrival.isBefore(times.get(0));
      case BETWEEN -> !arrival.isBefore(times.get(0)) && !arrival.isAfter(times.get(1));
    };
  }
}
