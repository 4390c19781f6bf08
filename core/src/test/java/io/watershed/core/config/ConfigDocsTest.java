package io.watershed.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published documents say what the loader does. */
class ConfigDocsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void theJsonSchemaIsTheOneMadeFromTheKeys() throws IOException {
    assertPublished("watershed.schema.json", ConfigJsonSchema.text());
  }

  @Test
  void everyKeyHasItsRowInTheConfigurationPage() throws IOException {
    String page = Files.readString(DOCS.resolve("configuration.md"));
    for (List<ConfigKey<?>> part :
        List.of(
            ConfigKeys.RESERVOIR,
            ConfigKeys.AWS,
            ConfigKeys.DEFAULTS,
            ConfigKeys.STREAM,
            ConfigKeys.SERVER,
            ConfigKeys.CLUSTER,
            ConfigKeys.CATALOG,
            ConfigKeys.DRILL)) {
      StringBuilder table = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
      part.forEach(key -> table.append(row(key)).append('\n'));
      assertThat(page).contains(table);
    }
  }

  @Test
  void everyErrorCodeHasItsRowWithItsExitStatus() throws IOException {
    String page = Files.readString(DOCS.resolve("exit-codes.md"));
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(page).contains("| `" + code.text() + "` | " + code.exitCode() + " | ");
    }
  }

  private static String row(ConfigKey<?> key) {
    String value = key.defaultText().map(text -> "`" + text + "`").orElse("-");
    return "| `" + key.name() + "` | " + value + " | " + key.meaning() + " |";
  }

  private static void assertPublished(String name, String text) throws IOException {
    Path file = DOCS.resolve(name);
    if (Boolean.getBoolean("watershed.publish")) {
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file))
        .as("docs/%s; write it with -Dwatershed.publish=true", name)
        .isEqualTo(text);
  }
}
