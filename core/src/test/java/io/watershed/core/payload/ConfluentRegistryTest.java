package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.watershed.core.config.AvroSettings;
import io.watershed.core.config.AvroSettings.Frame;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfluentRegistryTest {
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/r/schemas/ids/1", "200 {\"schema\":\"\\\"int\\\"\"}",
          "/r/schemas/ids/2", "200 {\"schemaType\":\"JSON\",\"schema\":\"{}\"}",
          "/r/schemas/ids/3", "500 oops",
          "/r/schemas/ids/4", "200 <html>",
          "/r/schemas/ids/5", "401 {}");

  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private URI address;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          String answer = ANSWERS.getOrDefault(exchange.getRequestURI().getPath(), "404 {}");
          byte[] body = answer.substring(4).getBytes(UTF_8);
          exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/r");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aSchemaIsThereOrNot() {
    ConfluentRegistry registry = new ConfluentRegistry(address);
    assertThat(registry.find("1")).contains("\"int\"");
    assertThat(registry.find("2")).isEmpty();
    assertThat(registry.find("9")).isEmpty();
    assertThat(registry.find("../1")).isEmpty();
    assertThat(registry.find("")).isEmpty();
    assertThat(asked).containsExactly("/r/schemas/ids/1", "/r/schemas/ids/2", "/r/schemas/ids/9");
  }

  @Test
  void whatIsNoAnswerIsAnErrorThatIsTriedAgain() {
    ConfluentRegistry registry = new ConfluentRegistry(address);
    for (String id : List.of("3", "4", "5")) {
      assertThat(error(registry, id).code()).isEqualTo(ErrorCode.UNREACHABLE);
    }
    server.stop(0);
    assertThat(error(registry, "1").code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(error(registry, "1").hint()).contains("avro_schemas");
  }

  @Test
  void theFolderIsAskedFirst(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("1.avsc"), "\"long\"");
    WriterSchemas sources =
        SchemaSources.of(
            new AvroSettings(
                Frame.CONFLUENT, Optional.empty(), Optional.of(folder), Optional.of(address)));
    assertThat(sources.find("1")).contains("\"long\"");
    assertThat(asked).isEmpty();
    assertThat(sources.find("9")).isEmpty();
    assertThat(asked).containsExactly("/r/schemas/ids/9");
    assertThat(SchemaSources.of(AvroSettings.NONE).find("1")).isEmpty();
  }

  private static WatershedException error(WriterSchemas schemas, String id) {
    return catchThrowableOfType(WatershedException.class, () -> schemas.find(id));
  }
}
