package io.watershed.aws;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Failures that happened before a byte of the request was sent, so nothing of it can land. */
final class NeverSent {
  /**
   * How the SDK's Netty client words that no connection came out of its pool in time. It happens
   * when all are busy, and now and then right after a refused connection.
   */
  private static final String NO_CONNECTION = "Acquire operation took longer";

  private static final int MAX_CAUSES = 20;

  private NeverSent() {}

  static boolean is(Throwable error) {
    return anyCause(
        error,
        cause ->
            cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || isWaitInVain(cause));
  }

  /** Whether the request waited for a connection until its time was up. */
  static boolean waitedInVain(Throwable error) {
    return anyCause(error, NeverSent::isWaitInVain);
  }

  private static boolean isWaitInVain(Throwable cause) {
    return cause instanceof TimeoutException
        && String.valueOf(cause.getMessage()).startsWith(NO_CONNECTION);
  }

  private static boolean anyCause(Throwable error, Predicate<Throwable> test) {
    int depth = 0;
    for (Throwable t = error; t != null && depth < MAX_CAUSES; t = t.getCause(), depth++) {
      if (test.test(t)) {
        return true;
      }
    }
    return false;
  }
}
