package io.watershed.kinesis;

import io.watershed.core.error.WatershedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Why one request to a stream failed, sorted by what the caller can do about it. */
public final class StreamFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the caller can do. */
  public enum Kind {
    /** Over a limit: wait, then try again. */
    THROTTLED,
    /** 5xx, connection lost, timed out: the outcome may be unknown; try again with backoff. */
    TRANSIENT,
    /** The iterator is older than 5 minutes: get another. */
    ITERATOR_EXPIRED,
    /** The service does not accept the position, mostly because it is trimmed. */
    POSITION_REFUSED,
    /** The stream or shard does not exist (any more). */
    NOT_FOUND,
    /** No retry helps: credentials, permissions, validation. */
    PERMANENT
  }

  private final Kind kind;

  /**
   * @param kind what the caller can do
   * @param cause the error to show if the caller gives up; never null for PERMANENT
   */
  public StreamFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What the caller can do. */
  public Kind kind() {
    return kind;
  }

  /** The error for a person, when retries are over or useless. */
  public WatershedException toError() {
    return StreamErrors.toError(this);
  }

  /** What a future of this package failed with; anything unexpected is PERMANENT. */
  public static StreamFailure of(Throwable thrown) {
    Throwable error = thrown;
    while ((error instanceof CompletionException || error instanceof ExecutionException)
        && error.getCause() != null) {
      error = error.getCause();
    }
    return error instanceof StreamFailure failure
        ? failure
        : new StreamFailure(Kind.PERMANENT, String.valueOf(error.getMessage()), error);
  }

  /**
   * Waits for the result.
   *
   * @throws WatershedException what {@link #toError()} says of the failure
   */
  public static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw of(e).toError();
    }
  }
}
