package io.watershed.core.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry with Confluent's REST interface (<a
 * href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html#get--schemas-ids-int-%20id">
 * GET /schemas/ids/{id}</a>). Schemas with references to others are not put together.
 */
final class ConfluentRegistry implements WriterSchemas {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI address;

  ConfluentRegistry(URI address) {
    String text = address.toString();
    this.address = text.endsWith("/") ? address : URI.create(text + "/");
  }

  @Override
  public Optional<String> find(String id) {
    if (id.isEmpty() || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("schemas/ids/" + id))
            .timeout(TIMEOUT)
            .header("Accept", "application/vnd.schemaregistry.v1+json")
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return switch (answer.statusCode()) {
        case 200 -> schema(answer.body());
        case 404 -> Optional.empty();
        default -> throw unreachable("it answers " + answer.statusCode(), null);
      };
    } catch (IOException e) {
      throw unreachable(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "Stopped while a schema was looked up", "");
    }
  }

  private Optional<String> schema(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      boolean isAvro = answer.path("schemaType").asText("AVRO").equals("AVRO");
      JsonNode schema = answer.path("schema");
      return isAvro && schema.isTextual() ? Optional.of(schema.asText()) : Optional.empty();
    } catch (JsonProcessingException e) {
      throw unreachable("it does not answer with JSON", e);
    }
  }

  private WatershedException unreachable(String why, @Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.UNREACHABLE,
        "the schema registry " + address.getHost() + " cannot be asked: " + why,
        "Check 'avro_registry', or put the schemas into the folder of 'avro_schemas'.",
        cause);
  }
}
