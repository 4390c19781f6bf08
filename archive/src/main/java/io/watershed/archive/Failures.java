package io.watershed.archive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;

/** Which failures pass by themselves. */
final class Failures {
  private Failures() {}

  /** Whether it may work later without anybody's doing. */
  static boolean mayPass(Throwable thrown) {
    return thrown instanceof WatershedException error
        ? error.code() == ErrorCode.STORE || error.code() == ErrorCode.UNREACHABLE
        : mayPass(StreamFailure.of(thrown));
  }

  static boolean mayPass(StreamFailure failure) {
    return failure.kind() == Kind.THROTTLED || failure.kind() == Kind.TRANSIENT;
  }

  static WatershedException errorOf(Throwable thrown) {
    return thrown instanceof WatershedException error ? error : StreamFailure.of(thrown).toError();
  }
}
