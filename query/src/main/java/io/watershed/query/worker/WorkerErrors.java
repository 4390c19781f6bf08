package io.watershed.query.worker;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementRun;
import org.jspecify.annotations.Nullable;

/** What a person is told when a child did not answer. */
final class WorkerErrors {
  private WorkerErrors() {}

  static WatershedException killed(
      Ending reason, @Nullable StatementOrder order, WorkerSettings settings, Throwable cause) {
    return switch (reason) {
      case MEMORY ->
          new WatershedException(
              ErrorCode.LIMIT,
              "the statement's process took more memory than the "
                  + (limitBytes(order, settings) >> 20)
                  + " MiB that it may have",
              "Select fewer columns, filter earlier, or raise the memory limit.",
              cause);
      case TIME ->
          StatementRun.tookTooLong(
              order == null ? settings.startTimeout() : order.timeout(), cause);
      case CANCELLED -> StatementControl.cancelledError(cause);
      case START ->
          new WatershedException(
              ErrorCode.INTERNAL,
              "no process for the statement started within "
                  + settings.startTimeout().toSeconds()
                  + " s",
              "The machine is overloaded, or java cannot run there.",
              cause);
      case CLOSED ->
          new WatershedException(
              ErrorCode.CANCELLED, "the engine was closed while the statement ran", "", cause);
    };
  }

  /** Resident bytes that a process may have. */
  static long limitBytes(@Nullable StatementOrder order, WorkerSettings settings) {
    long statement = order == null ? 0 : order.memoryBytes();
    return statement + settings.heapBytes() + settings.overheadBytes();
  }

  static WatershedException heapIsFull(WorkerSettings settings, Throwable cause) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "a value of the result does not fit into the "
            + (settings.heapBytes() >> 20)
            + " MiB of the statement's process",
        "Shorten what list, string_agg or repeat gathers in one row.",
        cause);
  }

  static WatershedException crashed(String how, Throwable cause) {
    return new WatershedException(
        ErrorCode.INTERNAL,
        "the process that ran the statement ended with " + how,
        "Nothing else was harmed. If it happens again, the statement meets a defect of the SQL"
            + " engine, or the machine has no memory left: write it another way.",
        cause);
  }
}
