package io.watershed.core.aggregate;

/** Ends the reading of an aggregated record that is none; stays in this package. */
final class BrokenAggregate extends Exception {
  private static final long serialVersionUID = 1L;

  private final AggregateProblem problem;

  BrokenAggregate(AggregateProblem problem) {
    super(problem.text(), null, false, false);
    this.problem = problem;
  }

  AggregateProblem problem() {
    return problem;
  }
}
