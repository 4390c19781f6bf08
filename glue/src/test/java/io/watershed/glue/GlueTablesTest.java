package io.watershed.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.CatalogSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.glue.GlueTables.Depth;
import io.watershed.glue.MirrorOutcome.Action;
import io.watershed.reservoir.table.ColumnType;
import io.watershed.reservoir.table.MetadataPointer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GlueTablesTest {
  private static final String PLACE = "s3://lake/water/Web-Clicks";
  private static final String TABLE = "shed.web_clicks";
  private static final UUID TABLE_UUID = UUID.fromString("00000000-0000-0000-0000-000000000001");

  private GlueEndpoint glue;
  private GlueTables tables;

  @BeforeEach
  void open() throws IOException {
    glue = GlueEndpoint.start();
    tables = GlueTables.open(settings(glue));
  }

  @AfterEach
  void close() {
    tables.close();
    glue.close();
  }

  static CatalogSettings settings(GlueEndpoint glue) {
    return new CatalogSettings(
        "shed",
        new AwsAccess(
            Optional.of("eu-central-1"),
            Optional.empty(),
            Optional.of(glue.url()),
            Optional.empty(),
            Optional.empty(),
            true));
  }

  @Test
  void aTableIsMadeWithItsDatabaseAsOtherEnginesExpectItAndWithGluesOptimizersOff() {
    MirrorOutcome made = tables.mirror(version(7), Depth.GUARD);

    assertThat(made.action()).isEqualTo(Action.CREATED);
    assertThat(made.table()).isEqualTo(TABLE);
    assertThat(made.isAlarm()).isFalse();
    assertThat(glue.parameter(TABLE, "table_type")).isEqualTo("ICEBERG");
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(7));
    assertThat(glue.table(TABLE).path("TableType").asText()).isEqualTo("EXTERNAL_TABLE");
    assertThat(glue.table(TABLE).path("StorageDescriptor").path("Location").asText())
        .isEqualTo(PLACE);
    assertThat(glue.table(TABLE).path("StorageDescriptor").path("Columns").toString())
        .contains("\"Name\":\"amount\",\"Type\":\"bigint\"")
        .contains("\"Type\":\"struct<city:string>\"")
        .doesNotContain("line\\nbreak");
    for (String type : new String[] {"compaction", "retention", "orphan_file_deletion"}) {
      assertThat(glue.optimizer(TABLE, type)).as(type).isEqualTo("off");
    }
  }

  @Test
  void itFollowsTheNewestVersionAndKeepsWhatOthersSayBesideIt() {
    tables.mirror(version(7), Depth.POINT);
    glue.set(TABLE, "comment", "ask the data team");

    assertThat(tables.mirror(version(9), Depth.POINT).action()).isEqualTo(Action.UPDATED);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(9));
    assertThat(glue.parameter(TABLE, "previous_metadata_location")).isEqualTo(location(7));
    assertThat(glue.parameter(TABLE, "comment")).isEqualTo("ask the data team");
    assertThat(tables.mirror(version(9), Depth.POINT).action()).isEqualTo(Action.CURRENT);
    // Another process committed since: nobody goes back.
    assertThat(tables.mirror(version(8), Depth.POINT).action()).isEqualTo(Action.CURRENT);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(9));
  }

  @Test
  void anArchiveThatWasMadeAgainStartsAgainAtItsOwnVersions() {
    tables.mirror(version(9), Depth.POINT);

    assertThat(tables.mirror(version(2, UUID.randomUUID()), Depth.POINT).action())
        .isEqualTo(Action.UPDATED);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(2));
  }

  @Test
  void aChangeOfAnotherEngineIsUndoneAndIsAnAlarm() {
    tables.mirror(version(7), Depth.POINT);
    String foreign = PLACE + "/metadata/00008-athena.metadata.json";
    glue.set(TABLE, "metadata_location", foreign);

    MirrorOutcome look = tables.mirror(version(7), Depth.LOOK);
    assertThat(look.foreign()).contains(foreign);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(foreign);

    MirrorOutcome undone = tables.mirror(version(7), Depth.POINT);
    assertThat(undone.isAlarm()).isTrue();
    assertThat(undone.foreign()).contains(foreign);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(7));
    assertThat(glue.parameter(TABLE, "previous_metadata_location")).isEqualTo(foreign);
  }

  @Test
  void anOptimizerThatSomebodyEnabledIsDisabledAndIsAnAlarm() {
    tables.mirror(version(7), Depth.GUARD);
    glue.enable(TABLE, "orphan_file_deletion");

    MirrorOutcome outcome = tables.mirror(version(7), Depth.GUARD);

    assertThat(outcome.enabled()).containsExactly("orphan_file_deletion");
    assertThat(outcome.isAlarm()).isTrue();
    assertThat(glue.optimizer(TABLE, "orphan_file_deletion")).isEqualTo("off");
  }

  @Test
  void anOptimizerThatGlueDoesNotTakeAsDisabledIsSaidAndTheTableIsThereAllTheSame() {
    glue.failNext("CreateTableOptimizer", "InvalidInputException", () -> {});

    MirrorOutcome outcome = tables.mirror(version(7), Depth.GUARD);

    assertThat(outcome.notes()).singleElement().asString().contains("'compaction' as disabled");
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(7));
    assertThat(glue.optimizer(TABLE, "retention")).isEqualTo("off");
  }

  @Test
  void anOptimizerThatCannotBeSeenIsSaidAndTheTableIsThereAllTheSame() {
    glue.failNext("GetTableOptimizer", "AccessDeniedException", () -> {});

    MirrorOutcome outcome = tables.mirror(version(7), Depth.GUARD);

    assertThat(outcome.notes()).singleElement().asString().contains("'compaction'", "denies");
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(7));
  }

  @Test
  void aTableOfSomebodyElseIsLeftAlone() {
    glue.add(
        "shed", "web_clicks", Map.of("table_type", "ICEBERG", "metadata_location", "s3://x/y"));

    assertThatThrownBy(() -> tables.mirror(version(7), Depth.GUARD))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("is not the archive of 'Web-Clicks'")
        .hasMessageContaining("s3://x/y");
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo("s3://x/y");
  }

  @Test
  void aTableThatWasRegisteredByHandForThisArchiveIsTakenOver() {
    glue.add(
        "shed", "web_clicks", Map.of("table_type", "ICEBERG", "metadata_location", location(3)));

    assertThat(tables.mirror(version(7), Depth.POINT).action()).isEqualTo(Action.UPDATED);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(7));
  }

  @Test
  void whoIsOvertakenLooksAgainAndTheNewestVersionWins() {
    tables.mirror(version(7), Depth.POINT);
    glue.failNext(
        "UpdateTable",
        "ConcurrentModificationException",
        () -> glue.set(TABLE, "metadata_location", location(9)));

    assertThat(tables.mirror(version(8), Depth.POINT).action()).isEqualTo(Action.CURRENT);
    assertThat(glue.parameter(TABLE, "metadata_location")).isEqualTo(location(9));
  }

  @Test
  void aServiceThatDeniesSaysWhatAndWhere() {
    glue.failNext("GetTable", "AccessDeniedException", () -> {});

    assertThatThrownBy(() -> tables.mirror(version(7), Depth.POINT))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("Glue at " + glue.url());
  }

  static String location(long version) {
    return PLACE + "/metadata/v" + version + ".metadata.json";
  }

  private static MetadataPointer version(long version) {
    return version(version, TABLE_UUID);
  }

  private static MetadataPointer version(long version, UUID uuid) {
    List<ColumnType> columns =
        List.of(
            new ColumnType(1, "amount", true, "bigint"),
            new ColumnType(2, "customer", true, "struct<city:string>"),
            new ColumnType(4, "line\nbreak", true, "string"));
    return new MetadataPointer("Web-Clicks", uuid, PLACE, version, location(version), columns);
  }
}
