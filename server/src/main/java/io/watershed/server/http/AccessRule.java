package io.watershed.server.http;

import io.javalin.http.Context;
import io.watershed.core.config.ServerToken;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may ask. On loopback everybody on this machine, but not a page in its browser that renamed
 * itself to loopback (the Host header must be loopback's), nor a page of another origin that sends
 * something. Elsewhere, and wherever there are tokens, only who knows one ({@code Authorization:
 * Bearer …}). Immutable.
 */
public final class AccessRule {
  /** A shorter token can be guessed. */
  public static final int MIN_TOKEN_CHARS = 16;

  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]+)?");
  private static final String BEARER = "Bearer ";

  private final List<ServerToken> tokens;
  private final boolean loopback;

  private AccessRule(List<ServerToken> tokens, boolean loopback) {
    this.tokens = List.copyOf(tokens);
    this.loopback = loopback;
  }

  /**
   * The rule for a server at this address.
   *
   * @throws WatershedException {@code usage} if the address is not on loopback and there is no
   *     token
   */
  public static AccessRule of(InetSocketAddress address, List<ServerToken> tokens) {
    boolean loopback = address.getAddress().isLoopbackAddress();
    if (tokens.isEmpty() && !loopback) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "Listening on " + address.getHostString() + " needs a token: others can reach it",
          "Make one with 'watershed token', or listen on 127.0.0.1.");
    }
    return new AccessRule(tokens, loopback);
  }

  /**
   * A token by its own text, for who reads only.
   *
   * @throws WatershedException {@code usage} if it is short
   */
  public static ServerToken reader(String name, String token) {
    if (token.length() < MIN_TOKEN_CHARS) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "The token is shorter than " + MIN_TOKEN_CHARS + " characters",
          "Make one with: openssl rand -hex 32");
    }
    return new ServerToken(name, false, hash(token));
  }

  /** SHA-256 in hexadecimal: what the configuration has instead of a token. */
  public static String hash(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether callers must have a token. */
  public boolean needsToken() {
    return !tokens.isEmpty();
  }

  /**
   * Whether the request was meant for this server.
   *
   * @throws Problem 421
   */
  void requireHost(Context ctx) {
    String host = ctx.header("Host");
    if (loopback && (host == null || !LOCAL_HOST.matcher(host).matches())) {
      throw Problem.of(
          421,
          ErrorCode.ACCESS_DENIED.text(),
          "This server answers to names of this machine only",
          "Open it as http://127.0.0.1 or http://localhost.");
    }
  }

  /**
   * Who asks.
   *
   * @throws Problem 401
   */
  Caller caller(Context ctx) {
    if (tokens.isEmpty()) {
      return new Caller("local", Role.OPERATE, ctx.ip());
    }
    String given = ctx.header("Authorization");
    if (given != null && given.startsWith(BEARER)) {
      Optional<ServerToken> token = find(given.substring(BEARER.length()).strip());
      if (token.isPresent()) {
        return new Caller(token.get().name(), role(token.get()), ctx.ip());
      }
    }
    throw Problem.of(
            401,
            "unauthorized",
            given == null ? "A token is needed" : "This token is not known here",
            "Send it as: Authorization: Bearer <token>.")
        .with("WWW-Authenticate", "Bearer");
  }

  private static Role role(ServerToken token) {
    return token.operate() ? Role.OPERATE : Role.READ;
  }

  /** The token that this is the text of; empty if none is. */
  public Optional<ServerToken> find(String text) {
    byte[] hash = hash(text).getBytes(StandardCharsets.US_ASCII);
    return tokens.stream()
        .filter(
            token ->
                MessageDigest.isEqual(hash, token.sha256().getBytes(StandardCharsets.US_ASCII)))
        .findFirst();
  }

  /**
   * Whether a request that changes something came from a page of this server, or from no page.
   *
   * @throws Problem 403
   */
  static void requireOrigin(Context ctx) {
    String site = ctx.header("Sec-Fetch-Site");
    String origin = ctx.header("Origin");
    boolean strange = site != null && !site.equals("same-origin") && !site.equals("none");
    if (strange || (origin != null && !isOwn(origin, ctx.header("Host")))) {
      throw Problem.of(
          403,
          ErrorCode.ACCESS_DENIED.text(),
          "A page of another origin may not do this",
          "Use the pages of this server, or a program.");
    }
  }

  private static boolean isOwn(String origin, @org.jspecify.annotations.Nullable String host) {
    return origin.equals("http://" + host) || origin.equals("https://" + host);
  }
}
