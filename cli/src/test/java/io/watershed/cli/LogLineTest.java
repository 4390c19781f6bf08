package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLineTest {
  @TempDir Path folder;

  @Test
  void anEventIsOneLineWithTimeLevelMessageAndContext() throws Exception {
    LoggingEvent event = event("{}: committed {}\nrecords", null, "orders", 12);

    String text = new String(new LogLine().encode(event), StandardCharsets.UTF_8);
    JsonNode line = Json.MAPPER.readTree(text);

    assertThat(text).endsWith("}\n");
    assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
    assertThat(line.path("time").asText()).isEqualTo("2026-11-23T12:00:00.123Z");
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("logger").asText()).isEqualTo("io.watershed.test");
    assertThat(line.path("message").asText()).isEqualTo("orders: committed 12\nrecords");
    assertThat(line.path("stream").asText()).isEqualTo("orders");
    assertThat(line.has("error")).isFalse();
  }

  @Test
  void whatWasThrownIsNamedByItsClassOnly() throws Exception {
    LoggingEvent event = event("failed", new IllegalStateException("a payload"));

    JsonNode line = Json.MAPPER.readTree(new LogLine().encode(event));

    assertThat(line.path("error").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(line.toString()).doesNotContain("a payload");
  }

  @Test
  void aCommandsErrorIsALineOfJsonToo() throws Exception {
    CommandRun run = new CommandRun(folder).run("archive", "--log", "json");

    JsonNode line = Json.MAPPER.readTree(run.err());
    assertThat(line.path("level").asText()).isEqualTo("ERROR");
    assertThat(line.path("code").asText()).isEqualTo("config");
    assertThat(line.path("message").asText()).contains("There is no file");
    assertThat(line.path("hint").asText()).contains("watershed init");
  }

  private static LoggingEvent event(String message, Throwable thrown, Object... arguments) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "test", context.getLogger("io.watershed.test"), Level.WARN, message, thrown, arguments);
    event.setMDCPropertyMap(Map.of("stream", "orders"));
    event.setInstant(Instant.parse("2026-11-23T12:00:00.123456Z"));
    return event;
  }
}
