package io.watershed.aws;

import java.net.URI;
import java.util.Optional;

/**
 * Where a request goes, for the sentences of error messages.
 *
 * @param service the service as a person calls it, such as {@code Kinesis} or {@code S3}
 * @param region such as {@code eu-central-1}
 * @param endpointUrl set if it is not the region's own endpoint
 * @param profile the profile that the user named, if any
 */
public record AwsPlace(
    String service, String region, Optional<URI> endpointUrl, Optional<String> profile) {
  /** {@code Kinesis in eu-central-1} or {@code Kinesis at http://127.0.0.1:4567 (us-east-1)}. */
  public String text() {
    return endpointUrl
        .map(url -> service + " at " + withoutSecrets(url) + " (" + region + ")")
        .orElse(service + " in " + region);
  }

  /** Scheme, host and port only: a URL can carry a user name and a password. */
  private static String withoutSecrets(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port;
  }

  @Override
  public String toString() {
    return text();
  }
}
