package io.watershed.query;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.Receipt;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a running statement, for whoever started it: {@link #cancel} ends it, {@link #step}
 * and {@link #fraction} say how far it is. One handle serves one statement. Thread-safe.
 */
public final class StatementControl {
  /** What a statement is doing, in the order in which it does it. */
  public enum Step {
    /** parse and check the SQL */
    CHECK,
    /** load the tables and read the live records */
    CUT,
    /** plan and fetch data files */
    FILES,
    /** run the SQL and hand its rows over */
    RUN
  }

  /** A callback that can be taken back. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  private final Set<Runnable> callbacks = new LinkedHashSet<>();
  private volatile boolean cancelled;
  private volatile @Nullable Receipt receipt;
  private volatile Step step = Step.CHECK;
  private volatile @Nullable DoubleSupplier measure;

  /**
   * Ends the statement as soon as it can: {@link QueryEngine#execute} then throws {@code
   * cancelled}. May be called at any time, more than once, and from any thread.
   */
  public void cancel() {
    Set<Runnable> toCall;
    synchronized (callbacks) {
      cancelled = true;
      toCall = new LinkedHashSet<>(callbacks);
    }
    toCall.forEach(Runnable::run);
  }

  /** Called by the engine when it has fixed what the statement reads. */
  public void pinned(Receipt cut) {
    receipt = cut;
  }

  /** What the statement reads; empty until that is fixed, in the step {@link Step#CUT}. */
  public Optional<Receipt> receipt() {
    return Optional.ofNullable(receipt);
  }

  public boolean isCancelled() {
    return cancelled;
  }

  public Step step() {
    return step;
  }

  /** How much of the current step is done, from 0 to 1; negative while nobody can tell. */
  public double fraction() {
    DoubleSupplier current = measure;
    return current == null ? -1 : Math.min(1, current.getAsDouble());
  }

  /**
   * Called by the engine when a step begins.
   *
   * @throws WatershedException {@code cancelled}
   */
  public void enter(Step next) {
    measure = null;
    step = next;
    throwIfCancelled();
  }

  /** Whether the current step can tell its {@link #fraction}. */
  boolean isMeasured() {
    return measure != null;
  }

  /** Called by the engine: how to tell the current step's {@link #fraction}. */
  public void measureBy(DoubleSupplier fraction) {
    measure = fraction;
  }

  /** Calls back on {@link #cancel}, at once when it was called before; close the registration. */
  public Registration onCancel(Runnable callback) {
    boolean atOnce;
    synchronized (callbacks) {
      atOnce = cancelled;
      callbacks.add(callback);
    }
    if (atOnce) {
      callback.run();
    }
    return () -> {
      synchronized (callbacks) {
        callbacks.remove(callback);
      }
    };
  }

  /** Throws {@code cancelled} once {@link #cancel} was called. */
  public void throwIfCancelled() {
    if (cancelled) {
      throw cancelledError(null);
    }
  }

  /** The error of a statement that was cancelled. */
  public static WatershedException cancelledError(@Nullable Throwable cause) {
    return new WatershedException(ErrorCode.CANCELLED, "the statement was cancelled", "", cause);
  }
}
