package io.watershed.aws;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What counts as an endpoint on this machine, judged by its text alone: no name service is asked,
 * so that no name can turn local.
 */
final class LocalEndpoint {
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private LocalEndpoint() {}

  /** Refuses endpoints that are no URLs, and dummy credentials for any that are not local. */
  static void check(AwsAccess access) {
    access.endpointUrl().ifPresent(LocalEndpoint::checkUrl);
    if (access.localCredentials() && access.endpointUrl().filter(LocalEndpoint::is).isEmpty()) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "Local credentials are only for an endpoint on this machine",
          "Set --endpoint-url to http://127.0.0.1:<port>, or use real credentials.");
    }
  }

  static boolean is(URI url) {
    if (url.getHost() == null) {
      return false;
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || LOOPBACK_V4.matcher(host).matches();
  }

  private static void checkUrl(URI url) {
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    if ((!http && !"https".equalsIgnoreCase(url.getScheme())) || url.getHost() == null) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The endpoint is not a URL with http or https and a host",
          "Write it as http://127.0.0.1:4567 or https://kinesis.eu-central-1.amazonaws.com.");
    }
  }
}
