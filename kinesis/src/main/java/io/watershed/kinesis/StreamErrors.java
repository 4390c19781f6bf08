package io.watershed.kinesis;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/** Turns failures of the service into errors that say what to do next. */
final class StreamErrors {
  private static final int MAX_CAUSES = 20;

  private StreamErrors() {}

  static WatershedException toError(StreamFailure failure) {
    int depth = 0;
    for (Throwable t = failure.getCause(); t != null && depth < MAX_CAUSES; t = t.getCause()) {
      if (t instanceof WatershedException error) {
        return error;
      }
      depth++;
    }
    String message = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case THROTTLED ->
          new WatershedException(
              ErrorCode.LIMIT,
              message,
              "Another consumer or producer shares the shard's limits: go slower, or add shards.",
              failure);
      case TRANSIENT ->
          new WatershedException(
              ErrorCode.UNREACHABLE, message, "Check the endpoint and the network.", failure);
      case ITERATOR_EXPIRED, POSITION_REFUSED ->
          new WatershedException(
              ErrorCode.POSITION_LOST,
              message,
              "The position is likely older than the stream's retention.",
              failure);
      case NOT_FOUND ->
          new WatershedException(
              ErrorCode.STREAM_NOT_FOUND,
              message,
              "Check the stream's name, the region and the account.",
              failure);
      case PERMANENT ->
          new WatershedException(
              failure.getCause() == null ? ErrorCode.REFUSED : ErrorCode.INTERNAL,
              message,
              "",
              failure);
    };
  }
}
