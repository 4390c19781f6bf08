package io.watershed.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.encode.Encoder;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that reads well, beside a footer that says something else. */
final class FileCheckTest {
  private static final ShardKey SHARD = new ShardKey("orders@x", "shardId-000000000000");

  @TempDir Path folder;

  private List<Kind> check(long rows, int from, int through, RecordDigest off) {
    List<StreamRecord> records =
        IntStream.rangeClosed(1, 5)
            .mapToObj(
                n ->
                    new StreamRecord(
                        SHARD,
                        ShardPosition.parse("" + n),
                        "key",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        ("payload " + n).getBytes(StandardCharsets.UTF_8)))
            .toList();
    RecordDigest digest =
        records.stream().map(RecordDigest::of).reduce(RecordDigest.ZERO, RecordDigest::plus);
    LocalDate day = LocalDate.parse("2026-11-20");
    try (Encoder encoder =
        new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.RAW)) {
      EncodeOutcome outcome =
          encoder.encode(
              day, records, PayloadSchema.EMPTY, List.of(), folder.resolve("file.parquet"));
      assertThat(outcome).isInstanceOf(EncodeOutcome.Encoded.class);
    }
    ShardSums sums =
        new ShardSums(
            SHARD,
            from == 0 ? Optional.empty() : Optional.of(ShardPosition.parse("" + from)),
            ShardPosition.parse("" + through),
            rows,
            0,
            digest.plus(off));
    DataFileInfo file =
        new DataFileInfo(
            "file.parquet",
            1,
            5,
            day,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of());
    Findings findings = new Findings();
    try (RowReader reader = new RowReader()) {
      new FileCheck(
              new LocalFiles(new DiskStore(folder), folder),
              reader,
              PayloadSchema.EMPTY,
              VerifyOptions.of(VerifyDepth.ROWS).withFormat(PayloadFormat.RAW),
              new RunMemory(folder, 1 << 20),
              findings)
          .check(new Footer(file, new FileSums(List.of(sums), List.of())));
    }
    return findings.gravestFirst().stream().map(VerifyFinding::kind).toList();
  }

  @Test
  void countDigestAndRangeAllCount() {
    assertThat(check(5, 0, 5, RecordDigest.ZERO)).isEmpty();
    assertThat(check(4, 0, 5, RecordDigest.ZERO)).containsExactly(Kind.ROWS_DIFFER);
    assertThat(check(5, 0, 5, new RecordDigest(0, 1))).containsExactly(Kind.ROWS_DIFFER);
    assertThat(check(5, 1, 5, RecordDigest.ZERO)).containsExactly(Kind.ROWS_DIFFER);
    assertThat(check(5, 0, 4, RecordDigest.ZERO)).containsExactly(Kind.ROWS_DIFFER);
  }
}
