package io.watershed.cli.sql;

import io.watershed.cli.Console;
import io.watershed.cli.ProgressLine;
import io.watershed.query.StatementControl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says on a terminal how far a statement is, once it takes longer than {@link #QUIET}: its step,
 * the share that is done, time, rows so far. Nothing where nobody looks. {@link #stop} takes the
 * line away; whoever prints to the same terminal calls it first.
 */
final class StatementProgress implements AutoCloseable {
  /** Shorter statements show nothing. */
  static final Duration QUIET = Duration.ofMillis(500);

  private static final long REDRAW_MILLIS = 200;

  private final StatementControl control;
  private final InstantSource clock;
  private final Instant started;
  private final AtomicLong rows = new AtomicLong();
  private final ProgressLine line;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread drawing;

  private StatementProgress(Console console, InstantSource clock, StatementControl control) {
    this.control = control;
    this.clock = clock;
    this.started = clock.instant();
    this.line = new ProgressLine(console, clock);
    this.drawing = new Thread(this::draw, "statement-progress");
    drawing.setDaemon(true);
  }

  /** Begins to watch a statement; close it. */
  static StatementProgress of(Console console, InstantSource clock, StatementControl control) {
    StatementProgress progress = new StatementProgress(console, clock, control);
    if (console.terminal()) {
      progress.drawing.start();
    }
    return progress;
  }

  /** Another row has been handed over. */
  void countRow() {
    rows.lazySet(rows.get() + 1);
  }

  private void draw() {
    try {
      if (stopped.await(QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      do {
        line.update(this::text);
      } while (!stopped.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      line.clear();
    }
  }

  String text() {
    double seconds = Duration.between(started, clock.instant()).toMillis() / 1000.0;
    double fraction = control.fraction();
    return String.format(
        Locale.ROOT,
        "%s%s, %.1f s%s (Ctrl-C cancels)",
        doing(),
        fraction > 0 ? String.format(Locale.ROOT, " %.0f %%", fraction * 100) : "",
        seconds,
        rows.get() == 0 ? "" : String.format(Locale.ROOT, ", %,d rows", rows.get()));
  }

  private String doing() {
    return switch (control.step()) {
      case CHECK -> "checking the statement";
      case CUT -> "reading the live records";
      case FILES -> "planning and fetching files";
      case RUN -> "running";
    };
  }

  /** Takes the line away for good; may be called more than once. */
  void stop() {
    stopped.countDown();
    boolean interrupted = false;
    while (drawing.isAlive()) {
      try {
        drawing.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
