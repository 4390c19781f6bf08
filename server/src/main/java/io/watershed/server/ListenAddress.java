package io.watershed.server;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host an address or a name of this machine
 * @param port 0 to 65535; 0 takes a free one
 */
public record ListenAddress(String host, int port) {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Pattern TEXT =
      Pattern.compile("(?:(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):)?([0-9]{1,5})");

  /**
   * Reads {@code PORT}, {@code HOST:PORT} or {@code [IPV6]:PORT}; a bare port is on loopback.
   *
   * @throws WatershedException {@code usage}
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65535) {
      String host = matcher.group(1) == null ? LOOPBACK : matcher.group(1);
      return new ListenAddress(host, Integer.parseInt(matcher.group(2)));
    }
    throw new WatershedException(
        ErrorCode.USAGE,
        "'" + text + "' is not an address to listen on",
        "Write a port (on loopback), or host:port, such as 0.0.0.0:9464.");
  }

  /**
   * Looks the host up.
   *
   * @throws WatershedException {@code usage} if the host has no address
   */
  public InetSocketAddress resolve() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "The host '" + host + "' has no address",
          "Write an address of this machine, or only a port.",
          e);
    }
  }
}
