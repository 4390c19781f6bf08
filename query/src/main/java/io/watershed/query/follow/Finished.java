package io.watershed.query.follow;

/** Ends a run from wherever it is: there is nothing more to do, and it is no error. */
final class Finished extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FollowOutcome.Ending ending;

  Finished(FollowOutcome.Ending ending) {
    super(ending.name(), null, false, false);
    this.ending = ending;
  }

  FollowOutcome.Ending ending() {
    return ending;
  }
}
