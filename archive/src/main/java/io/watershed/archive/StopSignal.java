package io.watershed.archive;

import java.util.concurrent.CompletableFuture;

/** Asks a running archiver to commit what it read and to end. Thread-safe, idempotent. */
public final class StopSignal {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();

  /** Asks for the stop; returns at once. */
  public void request() {
    requested.complete(null);
  }

  /** Whether a stop was asked for. */
  public boolean isRequested() {
    return requested.isDone();
  }

  /** Runs the action once when a stop is asked for, at once if it was already. */
  void whenRequested(Runnable action) {
    var unused = requested.thenRun(action);
  }
}
