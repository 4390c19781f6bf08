package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sql --emit-view}; what it prints is parsed in module second-reader. */
class EmitViewTest {
  @TempDir Path folder;

  @Test
  void theViewIsPrintedAndNothingIsRun() throws Exception {
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false))) {
      kinesis.createStream("orders", 1);
      kinesis.put("orders", "key", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
      Files.writeString(
          folder.resolve("watershed.yaml"),
          "aws: {endpoint_url: '"
              + kinesis.endpoint()
              + "', local_credentials: true, region: us-east-1}\nstreams: {orders: {}}\n");
      CommandRun nothing = run("sql", "--emit-view", "spark", "orders");
      assertThat(nothing.status()).isEqualTo(1);
      assertThat(nothing.err()).contains("Nothing is archived of 'orders'");

      assertThat(run("archive", "--once").status()).isZero();
    }
    CommandRun spark = run("sql", "--emit-view", "spark", "orders");
    assertThat(spark.err()).isEmpty();
    assertThat(spark.status()).isZero();
    assertThat(spark.out())
        .contains("CREATE OR REPLACE VIEW `orders_archive` AS\nSELECT\n  physical.`_incarnation`")
        .contains("physical.`n` AS `n`\nFROM watershed.`orders` AS physical")
        .contains(".warehouse=file://" + folder.resolve("watershed-data"));

    JsonNode trino =
        Json.MAPPER.readTree(
            run("sql", "--emit-view", "trino", "--table", "lake.raw.o", "orders", "--json").out());
    assertThat(trino.get("engine").asText()).isEqualTo("trino");
    assertThat(trino.get("metadata_version").asLong()).isPositive();
    assertThat(trino.get("sql").asText()).contains("FROM lake.raw.o AS physical");

    assertThat(run("sql", "--emit-view", "athena").err()).contains("needs the name of a stream");
    CommandRun table = run("sql", "--table", "x", "SELECT 1");
    assertThat(table.status()).isEqualTo(2);
    assertThat(table.err()).contains("--table goes with --emit-view");
    assertThat(run("sql", "--emit-view", "hive", "orders").status()).isEqualTo(2);
  }

  private CommandRun run(String... arguments) {
    return new CommandRun(folder).run(arguments);
  }
}
