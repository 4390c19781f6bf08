package io.watershed.query.worker;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The children: those that run, and those that wait, so that a statement does not wait for a JVM.
 * What waits was started ahead, or ran a statement a while ago: statements tend to come together.
 * Thread-safe.
 */
final class WorkerPool implements AutoCloseable {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(5);

  private final Path temporary;
  private final WorkerSettings settings;
  private final ScheduledExecutorService timers;
  private final Semaphore permits;

  /** Those that were used last come first. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private final Set<WorkerProcess> all = new HashSet<>();
  private final ScheduledFuture<?> sweeping;
  private boolean closed;

  /** A child that waits, or will. */
  private record Idle(CompletableFuture<WorkerProcess> worker, long sinceNanos) {}

  /** Opens a pool; its first child starts at once, in the background. */
  WorkerPool(Path temporary, WorkerSettings settings, ScheduledExecutorService timers) {
    this.temporary = temporary;
    this.settings = settings;
    this.timers = timers;
    this.permits = new Semaphore(settings.maxProcesses(), true);
    WorkerFolders.sweep(temporary);
    idle.add(startLater());
    long millis = SWEEP_INTERVAL.toMillis();
    this.sweeping =
        timers.scheduleWithFixedDelay(this::sweep, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A child that takes a statement; give it back. */
  WorkerProcess take(Duration patience) {
    acquire(patience);
    try {
      while (true) {
        WorkerProcess worker = await(next());
        if (worker.isReady()) {
          return worker;
        }
        discard(worker); // it died while it waited
      }
    } catch (RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  private void acquire(Duration patience) {
    try {
      if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            settings.maxProcesses() + " statements are running, and none ended in time",
            "Ask again later.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "the statement was cancelled", "", e);
    }
  }

  private synchronized CompletableFuture<WorkerProcess> next() {
    if (closed) {
      throw new WatershedException(ErrorCode.CANCELLED, "the engine is closed", "");
    }
    Idle first = idle.poll();
    if (settings.spare() && idle.isEmpty()) {
      idle.add(startLater());
    }
    return (first == null ? startLater() : first).worker();
  }

  private Idle startLater() {
    return new Idle(
        CompletableFuture.supplyAsync(this::start, task -> thread(task).start()),
        System.nanoTime());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "query-worker-start");
    thread.setDaemon(true);
    return thread;
  }

  private WorkerProcess start() {
    WorkerProcess worker;
    synchronized (this) {
      if (closed) {
        throw new WatershedException(ErrorCode.CANCELLED, "the engine is closed", "");
      }
      worker = WorkerProcess.start(temporary, settings);
      all.add(worker);
    }
    try {
      worker.awaitReady(timers);
      return worker;
    } catch (RuntimeException e) {
      discard(worker);
      throw e;
    }
  }

  private static WorkerProcess await(CompletableFuture<WorkerProcess> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof WatershedException error ? error : e;
    }
  }

  /**
   * Takes a child back: one that can run another statement waits for it, others end. No more wait
   * than could run, because none is started while one waits.
   */
  void give(WorkerProcess worker) {
    boolean kept = false;
    if (worker.isHealthy()) {
      synchronized (this) {
        kept = !closed;
        if (kept) {
          idle.addFirst(new Idle(CompletableFuture.completedFuture(worker), System.nanoTime()));
        }
      }
    }
    if (!kept) {
      discard(worker);
    }
    permits.release();
  }

  /** Ends those that have waited for long, but for one or two. */
  private void sweep() {
    List<Idle> old = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      while (idle.size() > (settings.spare() ? 2 : 1)
          && now - idle.getLast().sinceNanos() > settings.idleTimeout().toNanos()) {
        old.add(idle.removeLast());
      }
    }
    for (Idle child : old) {
      var unused = child.worker().thenAccept(this::discard);
    }
  }

  private void discard(WorkerProcess worker) {
    worker.close();
    synchronized (this) {
      all.remove(worker);
    }
  }

  /** Ends all children, also those that run a statement. */
  @Override
  public void close() {
    sweeping.cancel(false);
    List<WorkerProcess> rest;
    synchronized (this) {
      closed = true;
      rest = new ArrayList<>(all);
    }
    rest.forEach(worker -> worker.kill(Ending.CLOSED));
    rest.forEach(this::discard);
  }
}
