package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.core.aggregate.AggregateWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregated, broken and plain records through archivers that end where they stand. */
final class AggregatedRecordsTest {
  @TempDir Path folder;
  private final Random random = new Random(11);
  private final List<String> expected = new ArrayList<>();
  private ArchiveFixture fixture;
  private int next;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    fixture.createStream(2);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void everyUserRecordIsArchivedOnceWhereverAnArchiverEnds() {
    for (int round = 0; round < 4; round++) {
      StreamArchiver archiver = fixture.archiver();
      archiver.start(ArchiveMode.CONTINUOUS);
      int commits = round % 2;
      for (int i = 0; i < 25; i++) {
        put();
      }
      ArchiveFixture.await("commits before the end", () -> archiver.status().commits() >= commits);
      archiver.abandon();
    }
    assertThat(fixture.once().failure()).isEmpty();

    assertThat(
            fixture.rows().stream().map(row -> row.key() + "=" + row.payload()).sorted().toList())
        .isEqualTo(expected.stream().sorted().toList());
    assertThat(
            new Verify(fixture.reservoir, fixture.clock)
                .run(STREAM, VerifyDepth.ROWS, Optional.of(fixture.streams.source(STREAM)))
                .findings())
        .isEmpty();
  }

  private void put() {
    AggregateWriter writer = new AggregateWriter();
    List<String> inside = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      String key = "inner-" + random.nextInt(4);
      String payload = "{\"n\":" + next++ + "}";
      writer.add(key, payload.getBytes(StandardCharsets.UTF_8));
      inside.add(key + "=" + payload);
    }
    byte[] record = writer.toBytes();
    String key = "outer-" + random.nextInt(20);
    if (random.nextInt(4) == 0) {
      record[record.length - 1] ^= 1;
      inside = List.of(key + "=" + new String(record, StandardCharsets.ISO_8859_1));
    }
    fixture.put(key, record);
    expected.addAll(inside);
  }
}
