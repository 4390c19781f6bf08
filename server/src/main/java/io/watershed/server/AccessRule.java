package io.watershed.server;

import com.sun.net.httpserver.HttpExchange;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may ask. On loopback everybody on this machine, but not a page in its browser that renamed
 * itself to loopback: the Host header must be loopback's. Elsewhere, and wherever a token is set,
 * only who knows the token ({@code Authorization: Bearer …}). Immutable.
 */
public final class AccessRule {
  /** A shorter token can be guessed. */
  static final int MIN_TOKEN_CHARS = 16;

  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]+)?");

  private final Optional<byte[]> token;

  private AccessRule(Optional<byte[]> token) {
    this.token = token;
  }

  /**
   * The rule for a server at this address.
   *
   * @throws WatershedException {@code usage} if the address is not on loopback and there is no
   *     token, or the token is short
   */
  public static AccessRule of(InetSocketAddress address, Optional<String> token) {
    if (token.isPresent() && token.get().length() < MIN_TOKEN_CHARS) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "The token is shorter than " + MIN_TOKEN_CHARS + " characters",
          "Make one with: openssl rand -hex 32");
    }
    if (token.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "Listening on " + address.getHostString() + " needs a token: others can reach it",
          "Put one into a file (openssl rand -hex 32) and name the file, or listen on 127.0.0.1.");
    }
    return new AccessRule(token.map(text -> text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether to answer this request. */
  boolean allows(HttpExchange exchange) {
    if (token.isEmpty()) {
      String host = exchange.getRequestHeaders().getFirst("Host");
      return host != null && LOCAL_HOST.matcher(host).matches();
    }
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return given != null
        && given.startsWith("Bearer ")
        && MessageDigest.isEqual(
            given.substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8), token.get());
  }
}
