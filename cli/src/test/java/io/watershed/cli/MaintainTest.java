package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.encode.Encoder;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant LONG_AGO = Instant.parse("2020-02-29T12:00:00Z");
  private static final Incarnation INCARNATION =
      new Incarnation("arn:aws:kinesis:us-east-1:000000000000:stream/orders", LONG_AGO);
  private static final Shard SHARD =
      new Shard(
          new ShardKey(INCARNATION.id(), "shardId-000000000000"),
          List.of(),
          new Shard.HashRange(BigInteger.ZERO, BigInteger.TEN));

  @TempDir Path folder;

  @BeforeEach
  void anArchiveOfFourSmallFilesOfOneDay() throws Exception {
    configure("{}");
    try (Reservoir reservoir = Reservoir.open(folder.resolve("res").toString(), AwsAccess.DEFAULT);
        Encoder encoder =
            new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON)) {
      ArchiveTable table = reservoir.createOrLoad("orders");
      for (int number = 1; number <= 4; number++) {
        commit(table, encoder, number);
      }
    }
  }

  @Test
  void aDryRunSaysWhatThereIsAndChangesNothing() throws Exception {
    TableState before = state();
    CommandRun run = new CommandRun(folder).run("maintain", "--dry-run", "--json");
    assertThat(run.status()).isZero();
    JsonNode report = JSON.readTree(run.out());
    assertThat(report.get("dry_run").asBoolean()).isTrue();
    assertThat(report.get("compacted_files").asInt()).isEqualTo(4);
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void smallFilesOfAnOldDayBecomeOneAndVerifyAgrees() throws Exception {
    CommandRun run = new CommandRun(folder).run("maintain", "orders");
    assertThat(run.out()).contains("4 files into 1");
    assertThat(new CommandRun(folder).run("maintain", "orders").out()).contains("nothing to do");
    assertThat(new CommandRun(folder).run("verify", "--deep").status()).isZero();
  }

  @Test
  void recordsAreDroppedOnlyByWhomSaysYes() throws Exception {
    configure("{keep: 90d}");
    CommandRun asked = new CommandRun(folder).run("maintain", "orders");
    assertThat(asked.status()).isEqualTo(2);
    assertThat(asked.err()).contains("4 records").contains("--yes");
    assertThat(state().dropped().before()).isEmpty();

    CommandRun run = new CommandRun(folder).run("maintain", "orders", "--yes");
    assertThat(run.out()).contains("4 records").contains("2020-03-01");
    assertThat(state().dropped().before()).contains(LocalDate.parse("2020-03-01"));
    assertThat(new CommandRun(folder).run("verify", "--deep").status()).isZero();
  }

  @Test
  void anUnknownStreamIsAnError() {
    CommandRun run = new CommandRun(folder).run("maintain", "clicks");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("clicks").contains("hint:");
  }

  private void configure(String stream) throws Exception {
    Files.writeString(
        folder.resolve("watershed.yaml"), "reservoir: ./res\nstreams:\n  orders: " + stream + "\n");
  }

  private TableState state() {
    try (Reservoir reservoir =
        Reservoir.open(folder.resolve("res").toString(), AwsAccess.DEFAULT)) {
      return reservoir.find("orders").orElseThrow().load();
    }
  }

  private void commit(ArchiveTable table, Encoder encoder, int number) {
    TableState state = table.load();
    ShardCheckpoint last =
        state.checkpoints().getOrDefault(SHARD.key(), ShardCheckpoint.start(SHARD));
    StreamRecord record =
        new StreamRecord(
            SHARD.key(),
            ShardPosition.of(SequenceNumber.parse("4964000" + number)),
            "key",
            LONG_AGO,
            ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    RecordDigest digest = RecordDigest.of(record);
    ShardSums sums =
        new ShardSums(SHARD.key(), last.after().lastPosition(), record.position(), 1, 0, digest);
    LocalDate day = LocalDate.parse("2020-02-29");
    Path file = folder.resolve("new.parquet");
    EncodeOutcome outcome =
        encoder.encode(day, List.of(record), state.schema(), List.of(sums), file);
    if (outcome instanceof EncodeOutcome.NeedsColumns missing) {
      state = table.addColumns(state, missing.grown());
      outcome = encoder.encode(day, List.of(record), state.schema(), List.of(sums), file);
    }
    ShardCheckpoint next =
        new ShardCheckpoint(
            SHARD,
            new After.At(record.position()),
            Optional.of(LONG_AGO.plusSeconds(number)),
            last.rows() + 1,
            0,
            last.digest().plus(digest),
            Optional.of(LONG_AGO));
    table.commit(
        state,
        new ArchiveCommit(
            INCARNATION,
            List.of(((EncodeOutcome.Encoded) outcome).file()),
            List.of(next),
            List.of()));
  }
}
