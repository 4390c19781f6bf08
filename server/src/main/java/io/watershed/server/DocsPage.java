package io.watershed.server;

import io.watershed.server.http.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * {@code /api/docs/}: a page to read and try the API, with Swagger UI from the class path and
 * nothing from elsewhere. Thread-safe.
 */
final class DocsPage {
  static final String PATH = "/api/docs";

  private static final String POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final Set<String> FILES =
      Set.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

  private static final String INDEX =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
          + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
          + "<title>watershed API</title>"
          + "<link rel=\"icon\" href=\"/api/docs/favicon-32x32.png\">"
          + "<link rel=\"stylesheet\" href=\"/api/docs/swagger-ui.css\"></head>"
          + "<body><div id=\"api\"></div>"
          + "<script src=\"/api/docs/swagger-ui-bundle.js\"></script>"
          + "<script src=\"/api/docs/start.js\"></script></body></html>";

  private static final String START =
      "SwaggerUIBundle({url: '/api/v1/openapi.json', dom_id: '#api', validatorUrl: null,"
          + " deepLinking: true, presets: [SwaggerUIBundle.presets.apis]});\n";

  private DocsPage() {}

  /** Answers a path; false if nothing is there. */
  static boolean answer(String path, Call call) throws IOException {
    String name = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
    if (name.isEmpty()) {
      return send("index.html", INDEX.getBytes(StandardCharsets.UTF_8), call);
    }
    if (name.equals("start.js")) {
      return send(name, START.getBytes(StandardCharsets.UTF_8), call);
    }
    if (!FILES.contains(name)) {
      return false;
    }
    Optional<byte[]> bytes =
        StaticFiles.read("/META-INF/resources/webjars/swagger-ui/" + version() + "/" + name);
    return bytes.isPresent() && send(name, bytes.get(), call);
  }

  private static boolean send(String name, byte[] bytes, Call call) {
    call.set("Cache-Control", "no-cache");
    call.page(200, StaticFiles.type(name), bytes);
    return true;
  }

  private static String version() throws IOException {
    Properties pom = new Properties();
    try (InputStream in = DocsPage.class.getResourceAsStream(POM)) {
      if (in != null) {
        pom.load(in);
      }
    }
    return pom.getProperty("version", "");
  }
}
