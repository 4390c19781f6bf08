package io.watershed.cli.drill;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * Ports of 127.0.0.1 that nobody listens on, each given out once. Another process may be quicker.
 */
final class FreePorts {
  private static final int TRIES = 200;

  private final Set<Integer> given = new HashSet<>();

  /** Any one. */
  int one() {
    return several(1);
  }

  /** This one, if it is free, else any. */
  int preferably(int port) {
    return given.add(port) && isFree(port) ? port : one();
  }

  /**
   * This one.
   *
   * @throws WatershedException {@code refused} if it is taken
   */
  int exactly(int port) {
    if (!given.add(port) || !isFree(port)) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "port " + port + " of 127.0.0.1 is taken",
          "Choose another one with --port; 0 takes any free one.");
    }
    return port;
  }

  /** The first of so many side by side: Drill's data port is the one after its control port. */
  int several(int count) {
    for (int i = 0; i < TRIES; i++) {
      int first = any();
      boolean free = true;
      for (int port = first; port < first + count; port++) {
        free &= !given.contains(port) && isFree(port);
      }
      if (free) {
        for (int port = first; port < first + count; port++) {
          given.add(port);
        }
        return first;
      }
    }
    throw new WatershedException(ErrorCode.REFUSED, "there are no free ports on 127.0.0.1", "");
  }

  private static int any() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.REFUSED, "no port of 127.0.0.1 can be listened on: " + e.getMessage(), "", e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
