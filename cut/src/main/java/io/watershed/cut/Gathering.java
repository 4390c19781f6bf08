package io.watershed.cut;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done once for all who come while it is not begun. One round is under way at a time;
 * who comes meanwhile waits for the next one, so what everybody gets was begun after they came. The
 * first of a round does its work, the others block. Thread-safe.
 */
final class Gathering<T> {
  private @Nullable Round<T> next;
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

  private static final class Round<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Void> before;
    private int members;

    Round(CompletableFuture<Void> before) {
      this.before = before;
    }
  }

  /**
   * What the next round comes to.
   *
   * @param work of one round, given the number of those who get its result
   * @throws RuntimeException what the work failed with, for each of them
   */
  T join(IntFunction<T> work) {
    Round<T> round;
    boolean leads;
    synchronized (this) {
      leads = next == null;
      round = next == null ? new Round<>(ended) : next;
      next = round;
      round.members++;
    }
    if (leads) {
      lead(round, work);
    }
    try {
      return round.result.join();
    } catch (CompletionException e) {
      throw Waiting.toError(e);
    }
  }

  /** How many wait for a round that is not begun. */
  synchronized int gathered() {
    return next == null ? 0 : next.members;
  }

  private void lead(Round<T> round, IntFunction<T> work) {
    round.before.join();
    CompletableFuture<Void> end = new CompletableFuture<>();
    int members;
    synchronized (this) {
      next = null;
      ended = end;
      members = round.members;
    }
    try {
      round.result.complete(work.apply(members));
    } catch (RuntimeException | Error e) {
      round.result.completeExceptionally(e);
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      end.complete(null);
    }
  }
}
