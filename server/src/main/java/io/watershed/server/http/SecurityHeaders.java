package io.watershed.server.http;

import java.util.Map;
import java.util.TreeMap;

/**
 * Headers of every answer. Pages take nothing from elsewhere, run no inline script, and are not
 * framed.
 */
final class SecurityHeaders {
  /** By name. */
  static final Map<String, String> ALL =
      new TreeMap<>(
          Map.of(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " font-src 'self'; connect-src 'self'; worker-src 'self';"
                  + " manifest-src 'self'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'",
              "X-Content-Type-Options",
              "nosniff",
              "X-Frame-Options",
              "DENY",
              "Referrer-Policy",
              "no-referrer",
              "Cross-Origin-Opener-Policy",
              "same-origin",
              "Cross-Origin-Resource-Policy",
              "same-origin",
              "Permissions-Policy",
              "camera=(), geolocation=(), microphone=()",
              "Cache-Control",
              "no-store"));

  private SecurityHeaders() {}
}
