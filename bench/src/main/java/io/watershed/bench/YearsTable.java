package io.watershed.bench;

import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.encode.Encoder;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
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
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An archive table that is committed to as an archiver does, one record a shard and commit. */
final class YearsTable implements AutoCloseable {
  static final int SHARDS = 4;

  private static final Incarnation INCARNATION =
      new Incarnation(
          "arn:aws:kinesis:eu-central-1:000000000000:stream/orders",
          Instant.parse("2026-01-01T00:00:00Z"));

  private final ArchiveTable table;
  private final Path folder;
  private final Encoder encoder =
      new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
  private final OrderEvents events = new OrderEvents(1);
  private TableState state;
  private long number;

  YearsTable(ArchiveTable table, Path folder) {
    this.table = table;
    this.folder = folder;
    this.state = table.load();
  }

  ArchiveTable table() {
    return table;
  }

  /** What the next commit builds on, after somebody else changed the table. */
  void reload() {
    state = table.load();
  }

  /**
   * Makes a commit of so many files of one day.
   *
   * @return nanoseconds of the commit alone, without the encoding
   */
  long commit(Instant arrival, int files) {
    List<NewDataFile> written = new ArrayList<>();
    List<ShardCheckpoint> checkpoints = new ArrayList<>();
    for (int file = 0; file < files; file++) {
      List<StreamRecord> records = new ArrayList<>();
      List<ShardSums> sums = new ArrayList<>();
      for (int s = file; s < SHARDS; s += files) {
        Shard shard = shard(s);
        ShardCheckpoint last =
            state.checkpoints().getOrDefault(shard.key(), ShardCheckpoint.start(shard));
        StreamRecord record = record(shard, arrival);
        RecordDigest digest = RecordDigest.of(record);
        records.add(record);
        sums.add(
            new ShardSums(
                shard.key(), last.after().lastPosition(), record.position(), 1, 0, digest));
        checkpoints.add(
            new ShardCheckpoint(
                shard,
                new After.At(record.position()),
                Optional.of(arrival),
                last.rows() + 1,
                0,
                last.digest().plus(digest),
                Optional.of(arrival)));
      }
      written.add(encode(arrival, records, sums, folder.resolve(file + ".parquet")));
    }
    ArchiveCommit commit = new ArchiveCommit(INCARNATION, written, checkpoints, List.of());
    long begun = System.nanoTime();
    state = table.commit(state, commit);
    return System.nanoTime() - begun;
  }

  private NewDataFile encode(
      Instant arrival, List<StreamRecord> records, List<ShardSums> sums, Path file) {
    LocalDate day = LocalDate.ofInstant(arrival, ZoneOffset.UTC);
    EncodeOutcome outcome = encoder.encode(day, records, state.schema(), sums, file);
    while (outcome instanceof EncodeOutcome.NeedsColumns missing) {
      state = table.addColumns(state, missing.grown());
      outcome = encoder.encode(day, records, state.schema(), sums, file);
    }
    return ((EncodeOutcome.Encoded) outcome).file();
  }

  private StreamRecord record(Shard shard, Instant arrival) {
    number++;
    return new StreamRecord(
        shard.key(),
        ShardPosition.of(
            SequenceNumber.parse(String.format(Locale.ROOT, "4964%052d", 17L * number))),
        "customer-" + number % 20_000,
        arrival,
        events.next((int) number, arrival).getBytes(StandardCharsets.UTF_8));
  }

  private static Shard shard(int number) {
    return new Shard(
        new ShardKey(INCARNATION.id(), String.format(Locale.ROOT, "shardId-%012d", number)),
        List.of(),
        new HashRange(BigInteger.valueOf(number), BigInteger.valueOf(number)));
  }

  @Override
  public void close() {
    encoder.close();
  }
}
