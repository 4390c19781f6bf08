package io.watershed.query;

import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementReport.StepTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Times the steps of one statement and tells its control about them. Not thread-safe. */
final class StepClock {
  private final LongSupplier nanoTime;
  private final StatementControl control;
  private final List<StepTime> times = new ArrayList<>();
  private final long started;
  private long entered;
  private Step step = Step.CHECK;

  StepClock(LongSupplier nanoTime, StatementControl control) {
    this.nanoTime = nanoTime;
    this.control = control;
    this.started = nanoTime.getAsLong();
    this.entered = started;
    control.enter(step);
  }

  void enter(Step next) {
    long now = nanoTime.getAsLong();
    times.add(new StepTime(step, Duration.ofNanos(now - entered)));
    step = next;
    entered = now;
    control.enter(next);
  }

  /** Ends the last step; a statement that handed over its last row is not cancelled any more. */
  List<StepTime> finish() {
    times.add(new StepTime(step, Duration.ofNanos(nanoTime.getAsLong() - entered)));
    return times;
  }

  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - started);
  }
}
