package io.watershed.kinesis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Bounds how many calls are under way; others wait in the order in which they came. Thread-safe.
 */
final class CallLanes {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;

  CallLanes(int lanes) {
    this.free = lanes;
  }

  /** Calls when a lane is free; the lane is free again when the answer is there. */
  <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable start =
        () -> {
          CompletableFuture<T> called;
          try {
            called = call.get();
          } catch (RuntimeException e) {
            called = CompletableFuture.failedFuture(e);
          }
          var unused =
              called.whenComplete(
                  (value, thrown) -> {
                    leave();
                    if (thrown != null) {
                      answer.completeExceptionally(thrown);
                    } else {
                      answer.complete(value);
                    }
                  });
        };
    synchronized (this) {
      if (free == 0) {
        waiting.add(start);
        return answer;
      }
      free--;
    }
    start.run();
    return answer;
  }

  private void leave() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
