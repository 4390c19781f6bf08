package io.watershed.simulator;

import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * One process: everything that happens to it passes here, so that it can sleep (all of it, at any
 * point, for hours) and crash. Its clock may be off.
 */
final class SimulatedProcess implements Scheduler {
  private final World world;
  private final String name;
  private final Duration clockError;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final Set<Runnable> paused = new LinkedHashSet<>();
  private boolean dead;
  private boolean immortal;
  private boolean asleep;
  private long sleeps;
  private double storeOutage;
  private double streamOutage;

  SimulatedProcess(World world, String name, Duration clockError) {
    this.world = world;
    this.name = name;
    this.clockError = clockError;
  }

  String name() {
    return name;
  }

  World world() {
    return world;
  }

  @Override
  public Instant instant() {
    return world.now().plus(clockError);
  }

  @Override
  public long nanoTime() {
    return world.time().nanoTime();
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    world.later(delay, () -> deliver(task));
  }

  /** Runs what blocks. */
  Executor blocking() {
    return task -> schedule(Duration.ZERO, () -> world.fibers().run(task));
  }

  /** Lets time pass inside of blocking work; does nothing where nothing can pause. */
  void pause(Duration howLong) {
    if (!world.fibers().canPause()) {
      return;
    }
    world
        .fibers()
        .pause(
            goOn -> {
              paused.add(goOn);
              schedule(
                  howLong,
                  () -> {
                    if (paused.remove(goOn)) {
                      goOn.run();
                    }
                  });
            });
    checkAlive();
  }

  /**
   * Whoever calls on behalf of this process must be alive.
   *
   * @throws ProcessCrash if it is not
   */
  void checkAlive() {
    if (dead) {
      throw new ProcessCrash(name);
    }
  }

  /** From now on so many more of its requests are lost: to the store, and to the stream. */
  void outage(double ofStore, double ofStream) {
    storeOutage = ofStore;
    streamOutage = ofStream;
  }

  double storeOutage() {
    return storeOutage;
  }

  double streamOutage() {
    return streamOutage;
  }

  boolean isDead() {
    return dead;
  }

  boolean isAsleep() {
    return asleep;
  }

  /** From now on it does not crash: for those whose crash is of no interest. */
  SimulatedProcess immortal() {
    immortal = true;
    return this;
  }

  /** Ends here; what it sent is on its way still. */
  void crash() {
    if (dead || immortal) {
      return;
    }
    dead = true;
    held.clear();
    world.say(name, "crashes");
    world.later(Duration.ZERO, this::unwind);
  }

  /** Ends in peace. */
  void exit() {
    dead = true;
    world.later(Duration.ZERO, this::unwind);
  }

  private void unwind() {
    for (Runnable goOn : java.util.List.copyOf(paused)) {
      if (paused.remove(goOn)) {
        goOn.run();
      }
    }
  }

  /** Nothing of it runs for so long; then all at once what would have. */
  void sleepFor(Duration howLong) {
    if (dead) {
      return;
    }
    asleep = true;
    long number = ++sleeps;
    world.say(name, "sleeps for " + howLong.toSeconds() + " s");
    world.later(
        howLong,
        () -> {
          if (number == sleeps) {
            wake();
          }
        });
  }

  /** Goes on now, if it sleeps. */
  void wake() {
    if (!asleep || dead) {
      return;
    }
    asleep = false;
    world.say(name, "wakes up");
    while (!held.isEmpty() && !asleep && !dead) {
      held.removeFirst().run();
    }
  }

  private void deliver(Runnable task) {
    if (dead) {
      return;
    }
    if (asleep) {
      held.addLast(task);
    } else {
      task.run();
    }
  }
}
