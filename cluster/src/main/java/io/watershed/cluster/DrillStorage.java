package io.watershed.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * Drill's REST interface (https://drill.apache.org/docs/rest-api-introduction/), as far as storage
 * is concerned: the plugin that reads streams and archives.
 */
public final class DrillStorage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The plugin's name, which is the schema in SQL. */
  public static final String NAME = "watershed";

  private final URI drill;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param drill such as {@code http://127.0.0.1:8047}
   */
  public DrillStorage(URI drill) {
    this.drill = drill;
  }

  /**
   * What is posted.
   *
   * @param configFile the configuration on each node
   */
  public static ObjectNode request(String configFile) {
    ObjectNode plugin = JSON.createObjectNode().put("name", NAME);
    plugin
        .putObject("config")
        .put("type", "watershed")
        .put("config", configFile)
        .put("enabled", true);
    return plugin;
  }

  /**
   * Makes the plugin known; once more is the same.
   *
   * @throws WatershedException {@code unreachable}; {@code refused} with what Drill says
   */
  public void configure(String configFile) {
    HttpRequest request =
        HttpRequest.newBuilder(drill.resolve("/storage/" + NAME + ".json"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request(configFile).toString()))
            .build();
    JsonNode answer = send(request, "storage");
    if (!answer.path("result").asText().toLowerCase(Locale.ROOT).startsWith("success")) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "Drill does not take the storage 'watershed': " + answer.path("result").asText(),
          "Look at its log: journalctl -u watershed-drill on the primary node.");
    }
  }

  /** How many drillbits the cluster has; errors as in {@link #configure}. */
  public int drillbits() {
    HttpRequest request =
        HttpRequest.newBuilder(drill.resolve("/cluster.json")).timeout(PATIENCE).GET().build();
    return send(request, "cluster").path("drillbits").size();
  }

  private JsonNode send(HttpRequest request, String what) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new WatershedException(
            ErrorCode.REFUSED,
            "Drill at " + drill + " answers " + answer.statusCode() + " when asked for its " + what,
            "Is it Drill that listens there?");
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.UNREACHABLE,
          "Drill does not answer at " + drill + " (" + e.getClass().getSimpleName() + ")",
          "Forward its port with 'watershed cluster forward-local-ports'; a minute after the cluster"
              + " is ready it should be up ('systemctl status watershed-drill' on a node).",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "asking Drill was cancelled", "", e);
    }
  }
}
