package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.watershed.archive.ArchiveFixture.Row;
import io.watershed.archive.encode.Encoder;
import io.watershed.archive.imports.ImportFormat;
import io.watershed.archive.imports.ImportListener;
import io.watershed.archive.imports.ImportPlan;
import io.watershed.archive.imports.ImportReport;
import io.watershed.archive.imports.ImportReport.Overlap;
import io.watershed.archive.imports.ImportRequest;
import io.watershed.archive.imports.Importer;
import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.stream.Incarnation;
import io.watershed.reservoir.store.DiskStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other tools archived becomes rows, once each, before everything that has a position. */
final class ImportTest {
  private static Encoder encoder;

  @TempDir Path folder;
  private ArchiveFixture fixture;
  private Path source;

  @BeforeAll
  static void open() {
    encoder = new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
  }

  @AfterAll
  static void closeEncoder() {
    encoder.close();
  }

  @BeforeEach
  void start() throws IOException {
    fixture = new ArchiveFixture(folder);
    source = Files.createDirectories(folder.resolve("source"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Importer importer() {
    return new Importer(
        fixture.reservoir, new DiskStore(source), PayloadFormat.JSON, encoder, folder);
  }

  private ImportReport run(ImportRequest request) {
    return importer().run(importer().plan(request), ImportListener.NONE, () -> false);
  }

  private void write(String key, byte[] content) throws IOException {
    Path file = source.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static String records(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append("{\"n\":").append(i).append(",\"name\":\"record ").append(i).append("\"}\n");
    }
    return text.toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private VerifyReport verify() {
    return new Verify(fixture.reservoir, fixture.clock)
        .run(STREAM, VerifyDepth.ROWS, Optional.empty());
  }

  private void assertSound() {
    VerifyReport report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.rowsRead()).isEqualTo(report.rows());
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void everyCompressionAndTheOrderOfFilesAndOffsets() throws IOException {
    write("2020/01/01/00/a.json", records(0, 10).getBytes(UTF_8));
    write("2020/01/01/01/b.gz", join(gzip(records(10, 15)), gzip(records(15, 20))));
    write("2020/01/02/02/c.zst", Zstd.compress(records(20, 30).getBytes(UTF_8)));
    write("2020/01/02/03/d", records(30, 40).replace("\n", "").getBytes(UTF_8));
    write("2020/01/02/_SUCCESS", new byte[0]);
    ImportReport report = run(ImportRequest.of(STREAM));
    assertThat(report.rows()).isEqualTo(40);
    assertThat(report.objects()).isEqualTo(4);
    assertThat(report.undecoded()).isZero();
    assertThat(report.failed()).isZero();
    List<Row> rows = fixture.rows();
    assertThat(rows).hasSize(40);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).payload() + "\n").isEqualTo(records(i, i + 1));
      assertThat(rows.get(i).incarnation()).isEqualTo(Incarnation.IMPORT.id());
      assertThat(rows.get(i).shard()).isEqualTo("import-000001");
    }
    assertThat(rows.get(10).key()).isEqualTo("import-000001/000000000002");
    assertThat(fixture.files())
        .extracting(file -> file.day().toString())
        .containsExactlyInAnyOrder("2020-01-01", "2020-01-02");
    assertSound();
  }

  @Test
  void aRepeatedImportAddsNothingAndANewObjectIsAddedAlone() throws IOException {
    write("a.json", records(0, 10).getBytes(UTF_8));
    write("empty.json", new byte[0]);
    assertThat(run(ImportRequest.of(STREAM)).rows()).isEqualTo(10);
    ImportPlan again = importer().plan(ImportRequest.of(STREAM));
    assertThat(again.count()).isZero();
    assertThat(again.already()).isEqualTo(2);
    Files.setLastModifiedTime(
        source.resolve("a.json"), java.nio.file.attribute.FileTime.fromMillis(1));
    assertThat(importer().plan(ImportRequest.of(STREAM)).count())
        .as("written again with the same bytes")
        .isZero();
    write("b.json", records(10, 15).getBytes(UTF_8));
    ImportReport second = run(ImportRequest.of(STREAM));
    assertThat(second.rows()).isEqualTo(5);
    assertThat(second.shardId()).isEqualTo("import-000002");
    write("a.json", records(50, 60).getBytes(UTF_8));
    ImportPlan changed = importer().plan(ImportRequest.of(STREAM));
    assertThat(changed.count()).isOne();
    assertThat(changed.changed()).isOne();
    assertThat(fixture.numbers()).isEqualTo(ArchiveFixture.range(0, 15));
    assertSound();
  }

  @Test
  void importedRecordsEndBeforeTheFirstArchivedOneAndWhatBothHaveIsReported() throws IOException {
    fixture.createStream(2);
    fixture.put(0, 20);
    fixture.once();
    Instant archived = fixture.clock.instant();
    write("2020/01/01/00/old", records(100, 110).getBytes(UTF_8));
    StringBuilder overlapping = new StringBuilder(records(15, 25));
    write("new", overlapping.toString().getBytes(UTF_8));
    ImportPlan plan = importer().plan(ImportRequest.of(STREAM));
    assertThat(plan.until().orElseThrow()).isBetween(archived.minusSeconds(60), archived);
    ImportReport report = importer().run(plan, ImportListener.NONE, () -> false);
    assertThat(report.rows()).isEqualTo(10);
    Overlap overlap = report.overlap().orElseThrow();
    assertThat(overlap.rows()).isEqualTo(10);
    assertThat(overlap.archivedToo()).isEqualTo(5);
    assertThat(overlap.missing()).isEqualTo(5);
    assertThat(fixture.numbers())
        .containsAll(ArchiveFixture.range(0, 20))
        .containsAll(ArchiveFixture.range(100, 110))
        .hasSize(30);
    assertThat(fixture.rows().get(0).incarnation()).isEqualTo(Incarnation.IMPORT.id());
    assertSound();
  }

  @Test
  void theArchiverGoesOnAndAFirstContactAfterAnImportIsNoGap() throws IOException {
    write("2020/01/01/00/old", records(100, 110).getBytes(UTF_8));
    run(ImportRequest.of(STREAM));
    fixture.createStream(2);
    fixture.put(0, 10);
    fixture.clock.forward(Duration.ofHours(30));
    fixture.kinesis.expire(STREAM, fixture.clock.instant().minus(Duration.ofHours(24)));
    fixture.put(10, 20);
    fixture.once();
    assertThat(fixture.state().gaps()).isEmpty();
    write("2020/01/01/01/more", records(110, 120).getBytes(UTF_8));
    run(ImportRequest.of(STREAM));
    fixture.put(20, 30);
    fixture.once();
    assertThat(fixture.numbers())
        .isEqualTo(
            java.util.stream.Stream.concat(
                    ArchiveFixture.range(10, 30).stream(), ArchiveFixture.range(100, 120).stream())
                .toList());
    assertThat(fixture.state().gaps()).isEmpty();
    assertSound();
  }

  @Test
  void badLinesAreKeptAndABrokenObjectIsNamedAndLeftOut() throws IOException {
    write("a", (records(0, 3) + "{\"broken\n" + records(3, 5)).getBytes(UTF_8));
    byte[] cut = gzip(records(50, 5000));
    write("b.gz", java.util.Arrays.copyOf(cut, cut.length / 2));
    write("c", records(5, 8).getBytes(UTF_8));
    ImportReport report = run(ImportRequest.of(STREAM));
    assertThat(report.undecoded()).isOne();
    assertThat(report.failed()).isOne();
    assertThat(report.failures().get(0).location()).endsWith("b.gz");
    assertThat(report.rows()).isEqualTo(9);
    assertThat(fixture.rows()).extracting(Row::payload).contains("{\"broken");
    assertThat(importer().plan(ImportRequest.of(STREAM)).count()).as("only b is left").isOne();
    assertSound();
  }

  @Test
  void keysAndTimesComeFromFieldsWhereTheyAre() throws IOException {
    write(
        "a",
        """
        {"n":0,"c":{"id":"x"},"t":"2020-02-03T04:05:06Z"}
        {"n":1,"c":{"id":7},"t":1580789106}
        {"n":2}
        """
            .getBytes(UTF_8));
    ImportReport report =
        run(
            ImportRequest.of(STREAM)
                .withFields(Optional.of("c.id"), Optional.of("t"))
                .withUntil(Instant.parse("2100-01-01T00:00:00Z")));
    assertThat(report.timeFallbacks()).isOne();
    assertThat(fixture.rows())
        .extracting(Row::key)
        .containsExactly("x", "7", "import-000001/000000000001");
    assertThat(fixture.files())
        .extracting(file -> file.day().toString())
        .contains("2020-02-03", "2020-02-04");
    assertSound();
  }

  @Test
  void parquetByColumnOrAsJson() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT range AS n, 'record ' || range AS name, encode('{\"n\":' || range || '}')"
              + " AS body FROM range(5)) TO '"
              + source.resolve("a.parquet")
              + "' (FORMAT parquet)");
    }
    ImportReport byColumn =
        run(ImportRequest.of(STREAM).withFormat(ImportFormat.AUTO, Optional.of("body")));
    assertThat(byColumn.rows()).isEqualTo(5);
    assertThat(fixture.rows()).extracting(Row::payload).contains("{\"n\":4}");
    Files.move(source.resolve("a.parquet"), source.resolve("b.parquet"));
    ImportReport asJson =
        run(ImportRequest.of(STREAM).withFormat(ImportFormat.PARQUET, Optional.empty()));
    assertThat(asJson.rows()).isEqualTo(5);
    assertThat(asJson.undecoded()).isZero();
    assertThat(fixture.rows().get(9).payload()).startsWith("{\"n\":4,\"name\":\"record 4\"");
    ImportReport wrong =
        run(
            ImportRequest.of("other")
                .withFormat(ImportFormat.PARQUET, Optional.of("there-is-none")));
    assertThat(wrong.failed()).isOne();
    assertSound();
  }

  @Test
  void anImportThatIsStoppedOrLosesItsCommitGoesOnWhereItWas() throws IOException {
    for (int i = 0; i < 2100; i++) {
      write("%04d".formatted(i), records(i, i + 1).getBytes(UTF_8));
    }
    ImportPlan plan = importer().plan(ImportRequest.of(STREAM));
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(
            () -> importer().run(plan, ImportListener.NONE, () -> asked.incrementAndGet() > 1_500))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(fixture.numbers()).isEqualTo(ArchiveFixture.range(0, 1000));
    ImportReport rest = run(ImportRequest.of(STREAM));
    assertThat(rest.already()).isEqualTo(1000);
    assertThat(rest.rows()).isEqualTo(1100);
    assertThat(fixture.numbers()).isEqualTo(ArchiveFixture.range(0, 2100));
    List<String> order = new ArrayList<>();
    fixture.rows().forEach(row -> order.add(row.payload() + "\n"));
    assertThat(String.join("", order)).isEqualTo(records(0, 2100));
    assertSound();
  }

  @Test
  void anArchiverThatCommitsMeanwhileDoesNotStopItAndAnotherImportDoes() throws IOException {
    fixture.createStream(1);
    fixture.put(0, 5);
    fixture.once();
    for (int i = 0; i < 1200; i++) {
      write("2020/01/01/00/%04d".formatted(i), records(100 + i, 101 + i).getBytes(UTF_8));
    }
    ImportPlan plan = importer().plan(ImportRequest.of(STREAM));
    ImportReport report =
        importer()
            .run(
                plan,
                (objects, bytes, rows) -> {
                  if (objects == 500 || objects == 1100) {
                    fixture.put((int) objects * 10, (int) objects * 10 + 5);
                    fixture.once();
                  }
                },
                () -> false);
    assertThat(report.rows()).isEqualTo(1200);
    assertThat(fixture.rows()).hasSize(1200 + 15);
    assertSound();

    write("2020/01/01/00/last", records(9, 10).getBytes(UTF_8));
    ImportPlan slow = importer().plan(ImportRequest.of(STREAM));
    write("2020/01/01/00/first", records(8, 9).getBytes(UTF_8));
    assertThatThrownBy(
            () ->
                importer()
                    .run(
                        slow, (objects, bytes, rows) -> run(ImportRequest.of(STREAM)), () -> false))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    assertThat(fixture.rows()).hasSize(1200 + 15 + 2);
    assertSound();
  }
}
