package io.watershed.reservoir.table;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs Iceberg's parallel tasks on the thread that commits. A commit has one or two of them, each a
 * few milliseconds; Iceberg would send them to its own threads and look every 10 ms whether they
 * are done, and whoever simulates a commit could not stop it there.
 */
final class CallingThread extends AbstractExecutorService {
  @Override
  public void execute(Runnable task) {
    task.run();
  }

  /** Nothing runs after the call that brought it. */
  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
