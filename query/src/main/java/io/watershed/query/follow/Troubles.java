package io.watershed.query.follow;

import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells a person about failures that pass: that something is tried again, and that it answers
 * again. One sentence for each thing that fails, and again only after a while. Thread-safe.
 */
final class Troubles {
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final Duration patience;
  private final Consumer<String> tell;
  private final Map<String, Long> failing = new HashMap<>();

  /**
   * @param patience how long it is tried again
   * @param tell called by any thread
   */
  Troubles(LongSupplier nanoTime, Duration patience, Consumer<String> tell) {
    this.nanoTime = nanoTime;
    this.patience = patience;
    this.tell = tell;
  }

  void failed(String what, StreamFailure failure) {
    if (failure.kind() == Kind.PERMANENT || failure.kind() == Kind.NOT_FOUND) {
      return; // ends the run, or is dealt with by whoever asked
    }
    synchronized (this) {
      Long told = failing.get(what);
      if (told != null && nanoTime.getAsLong() - told < QUIET.toNanos()) {
        return;
      }
      failing.put(what, nanoTime.getAsLong());
    }
    tell.accept(
        switch (failure.kind()) {
          case THROTTLED ->
              what + " is throttled: another consumer shares its limits; reading slower";
          case ITERATOR_EXPIRED -> what + ": the iterator has expired; finding its place again";
          case POSITION_REFUSED -> what + ": the position is refused; finding its place again";
          default ->
              what
                  + ": "
                  + failure.getMessage()
                  + "; trying again for up to "
                  + patience.toSeconds()
                  + " s";
        });
  }

  void answered(String what) {
    synchronized (this) {
      if (failing.remove(what) == null) {
        return;
      }
    }
    tell.accept(what + " answers again");
  }
}
