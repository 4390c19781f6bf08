package io.watershed.reservoir.replays;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Who did something to a replay, as the operating system of the process says.
 *
 * @param user the user's name
 * @param host the machine's name
 */
public record Operator(String user, String host) {
  /** Somebody whom an old object of the ledger does not name. */
  public static final Operator UNKNOWN = new Operator("", "");

  /** This process' user and machine. */
  public static Operator ofThisProcess() {
    return new Operator(System.getProperty("user.name", ""), hostName());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // a machine whose name nobody resolves, such as some containers
    }
  }

  /** {@code user@host}. */
  @Override
  public String toString() {
    return equals(UNKNOWN) ? "unknown" : user + "@" + host;
  }
}
