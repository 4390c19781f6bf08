package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.glue.GlueEndpoint;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCommandTest {
  @TempDir Path folder;
  private LocalS3 s3;
  private GlueEndpoint glue;

  @BeforeEach
  void anArchiveOnS3() throws Exception {
    s3 = LocalS3.start();
    glue = GlueEndpoint.start();
    Files.writeString(
        folder.resolve("watershed.yaml"),
        """
        reservoir: {location: 's3://bucket/shed', endpoint_url: '%s', local_credentials: true}
        catalog: {type: glue, database: lake, endpoint_url: '%s', local_credentials: true}
        aws: {region: us-east-1}
        streams: {orders: {}}
        """
            .formatted(s3.url(), glue.url()));
    try (Reservoir reservoir = Reservoir.open("s3://bucket/shed", s3.access())) {
      ArchiveTable table = reservoir.createOrLoad("orders");
      table.fence(table.load());
    }
  }

  @AfterEach
  void stop() throws Exception {
    glue.close();
    s3.close();
  }

  @Test
  void aDryRunLooksAndASyncMakesTheTableAndUndoesWhatOthersDid() throws Exception {
    CommandRun look = run("catalog", "sync", "--dry-run");
    assertThat(look.status()).as(look.err()).isZero();
    assertThat(look.out()).isEqualTo("orders: lake.orders is to be made, version 2\n");
    assertThat(glue.parameter("lake.orders", "metadata_location")).isEmpty();

    JsonNode made = Json.MAPPER.readTree(run("catalog", "sync", "--json").out());
    assertThat(made.path("action").asText()).isEqualTo("created");
    assertThat(made.path("table").asText()).isEqualTo("lake.orders");
    assertThat(glue.parameter("lake.orders", "metadata_location"))
        .isEqualTo("s3://bucket/shed/orders/metadata/v2.metadata.json");

    glue.set("lake.orders", "metadata_location", "s3://other/1.metadata.json");
    assertThat(run("catalog", "sync", "orders").out())
        .contains("pointed, version 2")
        .contains("ALARM: it pointed to s3://other/1.metadata.json");
    assertThat(run("catalog", "sync").out()).isEqualTo("orders: lake.orders is right, version 2\n");
  }

  @Test
  void oneStreamThatFailsDoesNotKeepTheOthersFromTheCatalog() {
    CommandRun run = run("catalog", "sync", "nothing", "orders");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("Nothing is archived of 'nothing'");
    assertThat(glue.parameter("lake.orders", "table_type")).isEqualTo("ICEBERG");
  }

  @Test
  void whoMayChangeTheTablesIsPrintedAsAPolicy() {
    CommandRun run = run("catalog", "policy", "--role", "arn:aws:iam::123456789012:role/archiver");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("arn:aws:glue:us-east-1:123456789012:table/lake/*");
    assertThat(run.err()).contains("put-resource-policy replaces");
  }

  @Test
  void withoutACatalogOrWithAFolderTheConfigurationSaysWhatToDo() throws Exception {
    Files.writeString(folder.resolve("watershed.yaml"), "reservoir: water\n");
    assertThat(run("catalog", "sync").err()).contains("Add the line 'catalog: glue'");
    Files.writeString(folder.resolve("watershed.yaml"), "reservoir: water\ncatalog: glue\n");
    CommandRun folderOnly = run("catalog", "sync");
    assertThat(folderOnly.status()).isEqualTo(2);
    assertThat(folderOnly.err()).contains("the reservoir is a folder");
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }
}
