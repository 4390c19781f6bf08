package io.watershed.core.error;

import org.jspecify.annotations.Nullable;

/**
 * An error with a stable code, one sentence for a person (what and where), and a hint (what to do
 * next). Neither may contain payloads or secrets.
 */
public final class WatershedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String hint;

  /**
   * @param code the stable code
   * @param message what happened and where, as a sentence
   * @param hint what the person can do next; empty if there is truly nothing to say
   */
  public WatershedException(ErrorCode code, String message, String hint) {
    this(code, message, hint, null);
  }

  /** As {@link #WatershedException(ErrorCode, String, String)}, with the underlying cause. */
  public WatershedException(
      ErrorCode code, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  /** The stable code. */
  public ErrorCode code() {
    return code;
  }

  /** What to do next; empty if there is nothing to say. */
  public String hint() {
    return hint;
  }
}
