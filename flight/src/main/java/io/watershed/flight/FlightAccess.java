package io.watershed.flight;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.auth2.CallHeaderAuthenticator;
import org.jspecify.annotations.Nullable;

/**
 * Lets those with a token in: {@code Authorization: Bearer <token>} (the JDBC driver's property
 * {@code token}), or the token as the password of any user, for tools that have no other field.
 */
final class FlightAccess implements CallHeaderAuthenticator {
  private static final String HEADER = "authorization";
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private final FlightTokens tokens;

  FlightAccess(FlightTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public AuthResult authenticate(CallHeaders headers) {
    Optional<String> token = token(headers.get(HEADER));
    String name =
        token
            .flatMap(tokens::nameOf)
            .orElseThrow(
                () ->
                    CallStatus.UNAUTHENTICATED
                        .withDescription(
                            "a token is needed: as the property token, or as the password")
                        .toRuntimeException());
    return new AuthResult() {
      @Override
      public String getPeerIdentity() {
        return name;
      }

      /** A client that logged in with a password goes on with what it gets here. */
      @Override
      public void appendToOutgoingHeaders(CallHeaders outgoing) {
        outgoing.insert(HEADER, BEARER + token.orElseThrow());
      }
    };
  }

  private static Optional<String> token(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (header.startsWith(BEARER)) {
      return Optional.of(header.substring(BEARER.length()));
    }
    if (header.startsWith(BASIC)) {
      return password(header.substring(BASIC.length()));
    }
    return Optional.empty();
  }

  private static Optional<String> password(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
