package io.watershed.localkinesis;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a request's signature as far as an endpoint can that knows no secrets: it must be there
 * and complete, and three access keys are refused by agreement.
 */
final class Authorization {
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");

  private Authorization() {}

  /**
   * @throws ServiceError if the service would refuse the request before it looks at the rest
   */
  static void check(HttpHeaders headers, String operation, String accountId) {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (header.isBlank()) {
      throw ServiceError.of("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Matcher credential = CREDENTIAL.matcher(header);
    if (!credential.find()
        || !header.contains("Signature=")
        || !header.contains("SignedHeaders=")) {
      throw ServiceError.of(
          "IncompleteSignatureException",
          "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.");
    }
    switch (credential.group(1)) {
      case LocalKinesis.EXPIRED_ACCESS_KEY ->
          throw ServiceError.of(
              "ExpiredTokenException", "The security token included in the request is expired");
      case LocalKinesis.UNKNOWN_ACCESS_KEY ->
          throw ServiceError.of(
              "UnrecognizedClientException",
              "The security token included in the request is invalid.");
      case LocalKinesis.DENIED_ACCESS_KEY ->
          throw ServiceError.of(
              "AccessDeniedException",
              "User: arn:aws:iam::"
                  + accountId
                  + ":user/denied is not authorized to perform: kinesis:"
                  + operation
                  + " because no identity-based policy allows the kinesis:"
                  + operation
                  + " action");
      default -> {
        // Any other key is welcome.
      }
    }
  }
}
