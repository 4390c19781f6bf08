package io.watershed.server;

import io.watershed.server.http.Call;
import io.watershed.server.http.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The web UI's files, from the class path. Every path that is no file and no part of the API is a
 * page of the UI, which finds its way by itself. Thread-safe.
 */
final class StaticFiles implements WebServer.Fallback {
  private static final String ROOT = "/io/watershed/web/";
  private static final String INDEX = "index.html";
  private static final Pattern FILE =
      Pattern.compile("(?:[A-Za-z0-9_@-][A-Za-z0-9_.@-]*/)*[A-Za-z0-9_@-][A-Za-z0-9_.@-]*");

  /** Vite puts a hash of the content into these names. */
  private static final Pattern HASHED =
      Pattern.compile("assets/.+[.-][A-Za-z0-9_-]{8,}\\.[a-z0-9]+");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private static final String NO_UI =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>watershed</title>"
          + "</head><body><h1>watershed</h1><p>This build has no web UI. The API is at"
          + " <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>, and can be tried at"
          + " <a href=\"/api/docs/\">/api/docs/</a>.</p></body></html>";

  @Override
  public boolean answer(String path, Call call) throws IOException {
    if (path.equals(DocsPage.PATH) || path.startsWith(DocsPage.PATH + "/")) {
      return DocsPage.answer(path, call);
    }
    if (path.startsWith("/api/") || path.startsWith("/health/")) {
      return false;
    }
    String name = path.substring(1);
    if (!name.isEmpty() && FILE.matcher(name).matches() && send(name, call)) {
      return true;
    }
    if (name.startsWith("assets/")) {
      return false;
    }
    if (!send(INDEX, call)) {
      call.page(200, type(INDEX), NO_UI.getBytes(StandardCharsets.UTF_8));
    }
    return true;
  }

  private static boolean send(String name, Call call) throws IOException {
    Optional<byte[]> bytes = read(ROOT + name);
    if (bytes.isEmpty()) {
      return false;
    }
    if (HASHED.matcher(name).matches()) {
      call.set("Cache-Control", "public, max-age=31536000, immutable");
    } else {
      call.set("Cache-Control", "no-cache");
    }
    call.page(200, type(name), bytes.get());
    return true;
  }

  /** A file of the class path. */
  static Optional<byte[]> read(String resource) throws IOException {
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }

  /** The content type by the name's ending. */
  static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return TYPES.getOrDefault(ending, "application/octet-stream");
  }
}
