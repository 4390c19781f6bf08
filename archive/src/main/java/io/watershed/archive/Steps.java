package io.watershed.archive;

import io.watershed.core.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * Brings everything that happens to one archiver into one order: timers, answers of the service and
 * results of blocking work all arrive as steps, one at a time. Once dropped, nothing arrives any
 * more.
 */
final class Steps {
  private static final String CONTEXT = "stream";

  private final String stream;
  private final Scheduler scheduler;
  private final Executor blocking;
  private final Consumer<Throwable> defect;
  private volatile boolean dropped;

  /**
   * @param stream in the log lines' context, as {@code stream}
   * @param defect what to do when a step throws
   */
  Steps(String stream, Scheduler scheduler, Executor blocking, Consumer<Throwable> defect) {
    this.stream = stream;
    this.scheduler = scheduler;
    this.blocking = blocking;
    this.defect = defect;
  }

  Instant now() {
    return scheduler.instant();
  }

  /** No step runs after this one. */
  void drop() {
    dropped = true;
  }

  void run(Runnable step) {
    later(Duration.ZERO, step);
  }

  void later(Duration delay, Runnable step) {
    scheduler.schedule(
        delay,
        () -> {
          if (dropped) {
            return;
          }
          try (MDC.MDCCloseable unused = MDC.putCloseable(CONTEXT, stream)) {
            step.run();
          } catch (RuntimeException e) {
            defect.accept(e);
          } catch (Error e) {
            defect.accept(e);
            throw e;
          }
        });
  }

  /** Waits for an answer without blocking. */
  <T> void await(CompletableFuture<T> future, Consumer<T> then, Consumer<Throwable> failed) {
    var unused =
        future.whenComplete(
            (value, thrown) ->
                run(
                    () -> {
                      if (thrown == null) {
                        then.accept(value);
                      } else {
                        failed.accept(thrown);
                      }
                    }));
  }

  /**
   * Runs work that blocks elsewhere, and goes on here; after an {@link Error} of the work, too, or
   * whoever waits for the outcome would wait for ever.
   */
  <T> void block(Supplier<T> work, Consumer<T> then, Consumer<Throwable> failed) {
    try {
      blocking.execute(
          () -> {
            try (MDC.MDCCloseable unused = MDC.putCloseable(CONTEXT, stream)) {
              T value = work.get();
              run(() -> then.accept(value));
            } catch (RuntimeException e) {
              run(() -> failed.accept(e));
            } catch (Error e) {
              run(() -> failed.accept(e));
              throw e;
            }
          });
    } catch (RejectedExecutionException e) {
      run(() -> failed.accept(e));
    }
  }
}
