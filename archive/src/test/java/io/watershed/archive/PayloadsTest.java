package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static io.watershed.archive.ArchiveFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes come: they are archived as they are, or counted as copies that we have. */
final class PayloadsTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    fixture.createStream(1);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private VerifyReport verify() {
    return new Verify(fixture.reservoir, fixture.clock)
        .run(STREAM, VerifyDepth.ROWS, Optional.of(fixture.streams.source(STREAM)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyByteIsArchivedAsItCame() {
    byte[] large = new byte[1 << 20];
    Arrays.fill(large, (byte) '7');
    List<byte[]> payloads =
        List.of(
            new byte[0],
            new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe},
            bytes("{\"a\":1"),
            bytes("{\"a\":NaN}"),
            bytes("{\"a\":1,\"a\":2}"),
            bytes("{\"id\":1,\"ID\":2,\"Id\":\"x\"}"),
            bytes("{\"n\":1e400,\"m\":-0.0,\"big\":123456789012345678901234567890}"),
            bytes("[".repeat(100_000)),
            bytes("{\"a\":".repeat(100_000)),
            bytes("{\"s\":\"\\ud800 \\u0000\"}"),
            bytes("\ufeff{\"a\":1}"),
            bytes("null"),
            large);
    for (int i = 0; i < payloads.size(); i++) {
      fixture.put(i % 2 == 0 ? "key" : "schl\u00fcssel \ud83d\ude00", payloads.get(i));
    }
    StreamOutcome outcome = fixture.once();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.records()).isEqualTo(payloads.size());
    Set<String> expected = new HashSet<>();
    payloads.forEach(p -> expected.add(new String(p, StandardCharsets.ISO_8859_1)));
    Set<String> archived = new HashSet<>();
    fixture.rows().forEach(row -> archived.add(row.payload()));
    assertThat(archived).isEqualTo(expected);
    assertThat(verify().ok()).isTrue();
  }

  @Test
  void copiesOfArchivedRecordsAreCountedAndEverythingElseIsArchived() {
    fixture.put(0, 10);
    fixture.once();
    List<ArchiveFixture.Row> rows = fixture.rows();
    for (ArchiveFixture.Row row : rows) {
      fixture.put(row.key(), copyOf(row, row.incarnation()));
    }
    StreamOutcome copies = fixture.once();
    assertThat(copies.failure()).isEmpty();
    assertThat(copies.records()).isZero();
    assertThat(copies.skipped()).isEqualTo(10);
    assertThat(fixture.numbers()).isEqualTo(range(0, 10));
    VerifyReport report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.compared()).isEqualTo(10);

    ArchiveFixture.Row row = rows.get(0);
    byte[] edited = copyOf(row, row.incarnation());
    edited[edited.length - 3] ^= 1;
    fixture.put(row.key(), edited);
    fixture.put(row.key(), copyOf(row, "orders@20200101T000000.000Z"));
    StreamOutcome others = fixture.once();
    assertThat(others.records()).isEqualTo(2);
    assertThat(others.skipped()).isZero();
    assertThat(verify().findings()).isEmpty();
  }

  private static byte[] copyOf(ArchiveFixture.Row row, String incarnation) {
    EnvelopeHeader header =
        EnvelopeHeader.of(
            "replay-1",
            new Position(incarnation, row.shard(), row.sequence(), 0),
            Instant.parse("2026-11-20T10:00:00Z"),
            1);
    return Envelope.wrap(header, row.payload().getBytes(StandardCharsets.ISO_8859_1));
  }
}
