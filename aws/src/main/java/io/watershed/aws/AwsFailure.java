package io.watershed.aws;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * A failed request to an AWS service, sorted by what can be done about it. Services add the codes
 * of their own by looking at {@link #serviceCode()} first.
 *
 * @param kind what can be done
 * @param serviceCode the service's own error code, such as {@code AccessDeniedException}; empty if
 *     the request did not get an answer
 * @param statusCode the HTTP status; 0 if the request did not get an answer
 * @param detail one sentence without secrets: what happened
 * @param hint what a person can do next
 * @param cause what the SDK threw
 */
public record AwsFailure(
    Kind kind, String serviceCode, int statusCode, String detail, String hint, Throwable cause) {

  /** What can be done about a failure. */
  public enum Kind {
    /** Over a limit: wait, then try again. */
    THROTTLED,
    /** 5xx, connection lost or timed out: the outcome may be unknown. */
    TRANSIENT,
    /** Nobody answers at the address: refused, unknown host, TLS. May pass. */
    UNREACHABLE,
    /** None found, expired, or not accepted. */
    CREDENTIALS,
    /** Good credentials, but not allowed to do this. */
    ACCESS_DENIED,
    /** Any other answer that a retry does not change. */
    REFUSED;

    /** Whether the same request may succeed later. */
    public boolean retryable() {
      return this == THROTTLED || this == TRANSIENT || this == UNREACHABLE;
    }
  }

  /** Sorts what an SDK call threw; looks through CompletionException. */
  public static AwsFailure of(Throwable error, AwsPlace place) {
    return FailureSorter.sort(error, place);
  }

  /** Whether it happened before a byte of the request was sent: nothing of it can have landed. */
  public boolean neverSent() {
    return NeverSent.is(cause);
  }

  /** The error for a person, when the request is not tried again. */
  public WatershedException toError() {
    return new WatershedException(code(), detail, hint, cause);
  }

  private ErrorCode code() {
    return switch (kind) {
      case THROTTLED -> ErrorCode.LIMIT;
      case TRANSIENT, UNREACHABLE -> ErrorCode.UNREACHABLE;
      case CREDENTIALS -> ErrorCode.CREDENTIALS;
      case ACCESS_DENIED -> ErrorCode.ACCESS_DENIED;
      case REFUSED -> ErrorCode.REFUSED;
    };
  }
}
