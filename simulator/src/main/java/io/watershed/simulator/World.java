package io.watershed.simulator;

import io.watershed.core.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** What all actors of one run share: time, the tree of random numbers, the trace. */
final class World {
  private final VirtualScheduler time;
  private final Random root;
  private final Trace trace = new Trace();
  private final FaultPlan faults;
  private final Fibers fibers;
  private boolean healed;

  World(long seed, Instant start, FaultPlan faults, Fibers fibers) {
    this.time = new VirtualScheduler(start);
    this.root = new Random(seed);
    this.faults = faults;
    this.fibers = fibers;
  }

  VirtualScheduler time() {
    return time;
  }

  Instant now() {
    return time.instant();
  }

  Fibers fibers() {
    return fibers;
  }

  Trace trace() {
    return trace;
  }

  FaultPlan faults() {
    return faults;
  }

  /** Numbers for one actor, which others' use of theirs does not change. */
  Random random() {
    return new Random(root.nextLong());
  }

  /** From now on nothing fails. */
  void heal() {
    healed = true;
    say("world", "healed");
  }

  boolean isHealed() {
    return healed;
  }

  /** Whether a fault of this probability happens now. */
  boolean strikes(Random random, double probability) {
    return !healed && probability > 0 && random.nextDouble() < probability;
  }

  void say(String who, String what) {
    trace.add(time.nanoTime(), who, what);
  }

  /** Runs the action later, whatever happens to whoever asked. */
  void later(Duration delay, Runnable action) {
    time.schedule(delay, action);
  }

  /** A time between zero and the bound. */
  static Duration upTo(Random random, Duration bound) {
    long millis = bound.toMillis();
    return millis <= 0 ? Duration.ZERO : Duration.ofMillis((long) (random.nextDouble() * millis));
  }
}
