package io.watershed.query.follow;

import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Answers as steps of one thread: whoever follows runs them one after the other. Each shard has one
 * request under way, so the queue is short. Adding is thread-safe.
 */
final class Steps {
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Scheduler scheduler;

  Steps(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void add(Runnable step) {
    queue.add(step);
  }

  void later(Duration delay, Runnable step) {
    scheduler.schedule(delay, () -> queue.add(step));
  }

  /** Runs one of the two when the answer is there. */
  <T> void await(
      CompletableFuture<T> answer, Consumer<T> onValue, Consumer<StreamFailure> onFailure) {
    var unused =
        answer.whenComplete(
            (value, thrown) ->
                queue.add(
                    () -> {
                      if (thrown == null) {
                        onValue.accept(value);
                      } else {
                        onFailure.accept(StreamFailure.of(thrown));
                      }
                    }));
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Waits for the next step and runs it. */
  void runNext() {
    try {
      queue.take().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Finished(FollowOutcome.Ending.STOPPED);
    }
  }
}
