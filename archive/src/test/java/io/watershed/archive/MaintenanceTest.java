package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static io.watershed.archive.ArchiveFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.maintain.AutomaticMaintenance;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.archive.maintain.MaintenanceReport;
import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.archive.verify.VerifyOptions;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance of an archive that the real archiver made, proved by verify. */
final class MaintenanceTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;
  private ArchiveTable table;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    fixture.createStream(2);
    for (int i = 0; i < 4; i++) {
      fixture.put(i * 25, i * 25 + 25);
      fixture.once();
    }
    table = fixture.reservoir.find(STREAM).orElseThrow();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aDayThatIsNotOverIsLeftAlone() {
    assertThat(maintain(options()).compactions()).isZero();
  }

  @Test
  void theFilesOfAClosedDayBecomeOneWithTheSameRecords() {
    TableState before = table.load();
    int files = table.files(before).size();
    List<ArchiveFixture.Row> records = fixture.rows();
    fixture.clock.forward(Duration.ofDays(2));

    MaintenanceReport plan = maintain(options().asDryRun());
    assertThat(plan.compactedFiles()).isEqualTo(files);
    assertThat(table.load()).isEqualTo(before);

    MaintenanceReport report = maintain(options());
    assertThat(report.compactedFiles()).isEqualTo(files);
    TableState after = table.load();
    assertThat(table.files(after)).hasSizeLessThan(files);
    assertThat(after.checkpoints()).isEqualTo(before.checkpoints());
    assertThat(after.generation()).isEqualTo(before.generation());
    assertThat(fixture.rows()).containsExactlyInAnyOrderElementsOf(records);
    assertIntact();
    assertThat(maintain(options()).compactions()).as("once is enough").isZero();
  }

  @Test
  void aCompactedFileHasTheColumnsThatCameLater() {
    fixture.put("key", "{\"n\":1000,\"late\":true}");
    fixture.once();
    fixture.clock.forward(Duration.ofDays(2));
    maintain(options());
    List<DataFileInfo> files = table.files(table.load());
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.columns()).contains("n", "name", "late"));
    assertIntact();
  }

  @Test
  void aDamagedFileIsNotCompactedAndSaid() throws IOException {
    DataFileInfo file = table.files(table.load()).get(0);
    Path path = fixture.root.resolve(file.key());
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
    fixture.clock.forward(Duration.ofDays(2));
    TableState before = table.load();

    MaintenanceReport report = maintain(options());
    assertThat(report.compactions()).isZero();
    assertThat(report.notes()).isNotEmpty();
    assertThat(table.load()).isEqualTo(before);
  }

  @Test
  void theAutomaticFormCompactsByItself() {
    int files = table.files(table.load()).size();
    fixture.clock.forward(Duration.ofDays(2));
    MaintenanceSettings often =
        new MaintenanceSettings(
            true,
            1,
            Duration.ofMillis(20),
            Duration.ofDays(1),
            Duration.ofHours(1),
            64L << 20,
            Optional.empty(),
            100,
            100);
    try (AutomaticMaintenance automatic = automatic(often)) {
      await("fewer files", () -> table.files(table.load()).size() < files);
    }
    assertIntact();
  }

  /** A stop that waits for the next round would make every Ctrl-C take minutes. */
  @Test
  void stoppingTheAutomaticFormDoesNotWaitForTheNextRound() {
    try (AutomaticMaintenance automatic = automatic(MaintenanceSettings.DEFAULTS)) {
      automatic.stop();
      await("its end", automatic::isEnded);
    }
  }

  private AutomaticMaintenance automatic(MaintenanceSettings settings) {
    return AutomaticMaintenance.start(
        fixture.reservoir,
        List.of(new AutomaticMaintenance.Maintained(STREAM, PayloadFormat.JSON, settings)),
        fixture.clock);
  }

  @Test
  void aStopEndsTheRunBetweenTwoSteps() {
    fixture.clock.forward(Duration.ofDays(2));
    MaintenanceReport report = maintain(options().watchedBy((step, done, of) -> {}, () -> true));
    assertThat(report.finished()).isFalse();
    assertThat(report.isEmpty()).isTrue();
  }

  @Test
  void daysBeyondTheRetentionAreDroppedAndTheRestIsProved() {
    fixture.clock.forward(Duration.ofDays(10));
    fixture.put(200, 230);
    fixture.once();
    int kept = 30;
    MaintenanceSettings week =
        MaintenanceSettings.DEFAULTS.withKeep(Optional.of(Duration.ofDays(7)));

    MaintenanceReport plan = maintain(MaintenanceOptions.of(week).asDryRun());
    assertThat(plan.droppedRows()).isEqualTo(100);
    assertThat(fixture.rows()).hasSize(100 + kept);

    MaintenanceReport report = maintain(MaintenanceOptions.of(week));
    assertThat(report.droppedRows()).isEqualTo(100);
    assertThat(fixture.rows()).hasSize(kept);
    assertThat(table.load().dropped().before()).isPresent();
    assertIntact();
    fixture.put(300, 310);
    fixture.once();
    assertThat(fixture.rows()).hasSize(kept + 10);
    assertIntact();
  }

  private static MaintenanceOptions options() {
    return MaintenanceOptions.of(MaintenanceSettings.DEFAULTS);
  }

  private MaintenanceReport maintain(MaintenanceOptions options) {
    try (LocalMaintenance maintenance = new LocalMaintenance(fixture.reservoir, fixture.clock)) {
      return maintenance.run(STREAM, PayloadFormat.JSON, options);
    }
  }

  private void assertIntact() {
    VerifyReport report =
        new Verify(fixture.reservoir, fixture.clock)
            .run(STREAM, VerifyOptions.of(VerifyDepth.ROWS));
    // Days that the test skipped are beyond the stream's retention: that gap is right.
    assertThat(report.findings()).filteredOn(f -> f.kind() != Kind.GAP).isEmpty();
  }
}
