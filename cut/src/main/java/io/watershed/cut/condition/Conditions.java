package io.watershed.cut.condition;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a table a statement can need: those that meet, for at least one of the references,
 * all of its conditions. Rows beyond may be read or left out; the answer is the same.
 *
 * @param references for each place where the statement names the table, what limits it there; an
 *     empty list stands for a place that needs every row. No places at all: no row is needed
 */
public record Conditions(List<List<Condition>> references) {
  /** Every row. */
  public static final Conditions NONE = new Conditions(List.of(List.of()));

  public Conditions {
    references = references.stream().map(List::copyOf).toList();
  }

  /** Whether every row may be needed. */
  public boolean isUnlimited() {
    return references.stream().anyMatch(List::isEmpty);
  }

  /** What is needed here or there: of a table that goes by several names. */
  public Conditions or(Conditions other) {
    List<List<Condition>> both = new ArrayList<>(references);
    both.addAll(other.references);
    return new Conditions(both);
  }
}
