package io.watershed.cluster;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * A port on this machine's loopback that leads to one of the primary node.
 *
 * @param local port here
 * @param remote port there
 */
public record PortForward(int local, int remote) {
  private static final int MAX_PORT = 65_535;

  /**
   * Reads {@code local:remote}, or one number for both.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static PortForward parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      int local = Integer.parseInt(parts[0]);
      int remote = Integer.parseInt(parts[parts.length - 1]);
      boolean ports = local >= 0 && local <= MAX_PORT && remote > 0 && remote <= MAX_PORT;
      if (parts.length <= 2 && ports) {
        return new PortForward(local, remote);
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new WatershedException(
        ErrorCode.INVALID_INPUT,
        "'" + text + "' names no ports",
        "Write local:remote, such as 18047:8047, or one number for both.");
  }
}
