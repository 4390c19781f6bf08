package io.watershed.flight;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as a client sees them: the code and the sentences that the command line prints. */
final class FlightErrors {
  private static final Logger LOG = LoggerFactory.getLogger(FlightErrors.class);

  private FlightErrors() {}

  static FlightRuntimeException of(@Nullable Throwable error) {
    if (error instanceof FlightRuntimeException known) {
      return known;
    }
    if (error instanceof WatershedException known) {
      String text = "[" + known.code().text() + "] " + known.getMessage();
      return status(known.code())
          .withDescription(known.hint().isEmpty() ? text : text + ". " + known.hint())
          .toRuntimeException();
    }
    LOG.warn("a statement failed", error);
    return CallStatus.INTERNAL
        .withDescription("[internal] the statement failed; the server's log says more")
        .toRuntimeException();
  }

  private static CallStatus status(ErrorCode code) {
    return switch (code) {
      case SQL, INVALID_INPUT, USAGE -> CallStatus.INVALID_ARGUMENT;
      case NOT_FOUND, STREAM_NOT_FOUND -> CallStatus.NOT_FOUND;
      case LIMIT -> CallStatus.RESOURCE_EXHAUSTED;
      case CANCELLED -> CallStatus.CANCELLED;
      case UNREACHABLE -> CallStatus.UNAVAILABLE;
      default -> CallStatus.INTERNAL;
    };
  }
}
