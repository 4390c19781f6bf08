package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyFinding;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.archive.verify.VerifyOptions;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verify finds each kind of damage, and says what it proved. */
final class VerifyTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    fixture.createStream(2);
    fixture.put(0, 60);
    fixture.once();
    fixture.put(60, 100);
    fixture.once();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private VerifyReport verify(VerifyDepth depth, Optional<StreamSource> source) {
    VerifyOptions options = VerifyOptions.of(depth).withReads(ArchiveFixture.FAST_READS);
    return new Verify(fixture.reservoir, fixture.clock)
        .run(STREAM, source.map(options::against).orElse(options));
  }

  private VerifyReport againstStream(UnaryOperator<ReadBatch> change) {
    StreamSource real = fixture.streams.source(STREAM);
    return verify(VerifyDepth.FOOTERS, Optional.of(new ChangedSource(real, change)));
  }

  private static List<Kind> kinds(VerifyReport report) {
    return report.findings().stream().map(VerifyFinding::kind).distinct().toList();
  }

  private Path file() {
    return fixture.root.resolve(fixture.files().get(0).key());
  }

  private static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) offset] ^= 0x15;
    Files.write(file, bytes);
  }

  @Test
  void aSoundArchiveIsProvedAgainstItselfAndAgainstTheStream() {
    VerifyReport report = verify(VerifyDepth.ROWS, Optional.of(fixture.streams.source(STREAM)));
    assertThat(report.findings()).isEmpty();
    assertThat(report.ok()).isTrue();
    assertThat(report.exitCode()).isZero();
    assertThat(report.verdict()).isEqualTo("ok");
    assertThat(report.rows()).isEqualTo(100);
    assertThat(report.rowsRead()).isEqualTo(100);
    assertThat(report.compared()).isEqualTo(100);
    assertThat(report.unproved()).isZero();
    assertThat(report.limits()).isEmpty();
    assertThat(report.shards()).hasSize(2).allMatch(shard -> shard.tiled());
  }

  @Test
  void withoutRowsOrStreamItSaysWhatItDidNotProve() {
    VerifyReport report = verify(VerifyDepth.FOOTERS, Optional.empty());
    assertThat(report.ok()).isTrue();
    assertThat(report.rowsRead()).isZero();
    assertThat(report.limits()).hasSize(1);
  }

  @Test
  void whatTheStreamTrimmedIsSaidToBeUnproved() {
    fixture.clock.forward(Duration.ofHours(23));
    fixture.put(100, 130);
    fixture.once();
    fixture.clock.forward(Duration.ofHours(2));
    fixture.kinesis.expire(STREAM, fixture.clock.instant().minus(Duration.ofHours(24)));
    VerifyReport report = againstStream(batch -> batch);
    assertThat(report.findings()).isEmpty();
    assertThat(report.compared()).isEqualTo(30);
    assertThat(report.unproved()).isEqualTo(100);
    assertThat(report.limits()).anyMatch(limit -> limit.contains("no longer in the stream"));
  }

  @Test
  void aRangeThatIsHalfTrimmedIsComparedRecordByRecord() {
    String shard = fixture.state().checkpoints().firstKey().shardId();
    assertThat(fixture.kinesis.expireOldest(STREAM, shard, 10)).isEqualTo(10);
    VerifyReport report = againstStream(batch -> batch);
    assertThat(report.findings()).isEmpty();
    assertThat(report.compared()).isEqualTo(90);
    assertThat(report.unproved()).isEqualTo(10);
  }

  @Test
  void aRemovedFileIsNamed() throws IOException {
    Path file = file();
    Files.delete(file);
    VerifyReport report = verify(VerifyDepth.FOOTERS, Optional.empty());
    assertThat(report.exitCode()).isEqualTo(4);
    assertThat(kinds(report)).contains(Kind.FILE_MISSING, Kind.SUMS_DIFFER);
    assertThat(report.findings().get(0).file().orElseThrow())
        .endsWith(file.getFileName().toString());
  }

  @Test
  void aTruncatedFileIsDamaged() throws IOException {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    assertThat(kinds(verify(VerifyDepth.FOOTERS, Optional.empty()))).contains(Kind.FILE_DAMAGED);
  }

  @Test
  void aFlippedByteInAFooterIsFound() throws IOException {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    flip(file, text.indexOf("\"digest\":\"") + 12);
    assertThat(verify(VerifyDepth.FOOTERS, Optional.empty()).exitCode()).isEqualTo(4);
  }

  @Test
  void aFlippedByteInTheDataIsFoundByReadingRowsOrTheStream() throws IOException {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    int pages = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("watershed.sums") / 2;
    for (int i = 0; i < 40; i++) {
      flip(file, 200 + (long) i * (pages / 60));
    }
    assertThat(verify(VerifyDepth.FOOTERS, Optional.empty()).ok()).isTrue();
    assertThat(verify(VerifyDepth.ROWS, Optional.empty()).exitCode()).isEqualTo(4);
    assertThat(againstStream(batch -> batch).exitCode()).isEqualTo(4);
  }

  @Test
  void aChangedCheckpointIsFound() throws IOException {
    Path metadata = newestMetadata();
    String digest = fixture.state().checkpoints().values().iterator().next().digest().hex();
    String json = Files.readString(metadata);
    assertThat(json).contains(digest);
    Files.writeString(
        metadata,
        json.replace(digest, (digest.charAt(0) == 'a' ? "b" : "a") + digest.substring(1)));
    VerifyReport report = verifyAfresh();
    assertThat(kinds(report)).containsExactly(Kind.SUMS_DIFFER);
  }

  @Test
  void aCheckpointThatWasSetBackIsFound() throws IOException {
    Path metadata = newestMetadata();
    var checkpoint = fixture.state().checkpoints().values().iterator().next();
    String position = checkpoint.after().lastPosition().orElseThrow().text();
    long earlier = Long.parseLong(position.substring(position.length() - 6)) - 1;
    String back = position.substring(0, position.length() - 6) + "%06d".formatted(earlier);
    String json = Files.readString(metadata);
    Files.writeString(metadata, json.replace("AT:" + position, "AT:" + back));
    assertThat(kinds(verifyAfresh())).contains(Kind.BEYOND_CHECKPOINT);
  }

  @Test
  void aRecordThatIsOnlyInTheStreamIsLost() {
    VerifyReport report =
        againstStream(
            batch -> {
              List<StreamRecord> records = new ArrayList<>(batch.records());
              if (records.size() > 3) {
                StreamRecord before = records.get(1);
                var position =
                    new io.watershed.core.record.ShardPosition(
                        before.position().sequenceNumber(), 1);
                records.add(
                    2,
                    new StreamRecord(
                        before.shard(),
                        position,
                        before.partitionKey(),
                        before.arrivalTime(),
                        before.payload()));
              }
              return withRecords(batch, records);
            });
    assertThat(kinds(report)).containsExactly(Kind.RECORD_LOST);
    assertThat(report.compared()).isEqualTo(100);
  }

  @Test
  void aRecordThatDiffersIsLost() {
    VerifyReport report =
        againstStream(
            batch -> {
              List<StreamRecord> records = new ArrayList<>(batch.records());
              if (!records.isEmpty()) {
                StreamRecord was = records.get(0);
                records.set(
                    0,
                    new StreamRecord(
                        was.shard(),
                        was.position(),
                        was.partitionKey(),
                        was.arrivalTime(),
                        "other".getBytes(StandardCharsets.UTF_8)));
              }
              return withRecords(batch, records);
            });
    assertThat(kinds(report)).containsExactly(Kind.RECORD_LOST);
    assertThat(report.exitCode()).isEqualTo(4);
  }

  @Test
  void aRecordThatIsOnlyInTheArchiveIsForeign() {
    VerifyReport report =
        againstStream(
            batch -> {
              List<StreamRecord> records = new ArrayList<>(batch.records());
              if (records.size() > 3) {
                records.remove(2);
              }
              return withRecords(batch, records);
            });
    assertThat(kinds(report)).containsExactly(Kind.RECORD_FOREIGN);
  }

  @Test
  void aRecordedGapIsExitCodeThree() {
    fixture.put(100, 110);
    fixture.clock.forward(Duration.ofHours(30));
    fixture.kinesis.expire(STREAM, fixture.clock.instant().minus(Duration.ofHours(24)));
    fixture.once();
    VerifyReport report = verify(VerifyDepth.ROWS, Optional.empty());
    assertThat(kinds(report)).containsExactly(Kind.GAP);
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.verdict()).isEqualTo("gap");
  }

  @Test
  void aStreamThatWasNeverArchivedIsAClearError() {
    assertThatThrownBy(
            () ->
                new Verify(fixture.reservoir, fixture.clock)
                    .run("nothing", VerifyDepth.ROWS, Optional.empty()))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("nothing");
  }

  private Path newestMetadata() throws IOException {
    try (Stream<Path> files = Files.list(fixture.root.resolve(STREAM).resolve("metadata"))) {
      return files
          .filter(path -> path.getFileName().toString().matches("v\\d+\\.metadata\\.json"))
          .max(
              Comparator.comparingInt(
                  path -> Integer.parseInt(path.getFileName().toString().replaceAll("\\D", ""))))
          .orElseThrow();
    }
  }

  /** With a reservoir that has nothing cached. */
  private VerifyReport verifyAfresh() {
    try (var reservoir =
        io.watershed.reservoir.Reservoir.open(
            fixture.root.toString(), io.watershed.core.config.AwsAccess.DEFAULT)) {
      return new Verify(reservoir, fixture.clock)
          .run(STREAM, VerifyDepth.FOOTERS, Optional.empty());
    }
  }

  private static ReadBatch withRecords(ReadBatch batch, List<StreamRecord> records) {
    return new ReadBatch(
        records, batch.nextIterator(), batch.millisBehindLatest(), batch.childShards());
  }

  /** A stream whose reads are changed on their way. */
  private record ChangedSource(StreamSource source, UnaryOperator<ReadBatch> change)
      implements StreamSource {
    @Override
    public CompletableFuture<StreamDescription> describe() {
      return source.describe();
    }

    @Override
    public CompletableFuture<List<Shard>> listShards() {
      return source.listShards();
    }

    @Override
    public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
      return source.iterator(shardId, startingPoint);
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      return source.read(shardId, iterator, maxRecords).thenApply(change);
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
