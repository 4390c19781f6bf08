package io.watershed.bench;

import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.encode.Encoder;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Fills an archive table with order events, as compaction would leave them: two files of {@value
 * #FILE_RECORDS} records a day, each sorted by shard and position. Made by the archiver's encoder
 * and committed by its commits. The shards end with the last record, so that a stream that is made
 * afterwards is another incarnation, which begins where these end.
 */
final class OrdersTable {
  /** About 64 MiB of payloads, which is what compaction makes. */
  static final int FILE_RECORDS = 125_000;

  static final int SHARDS = 8;

  /** Partition keys {@code customer-0} to this. */
  static final int KEYS = 500_000;

  /** The same number in each shard, where a key has one. */
  static final int KEYS_OF_SHARD = 125_000;

  /** When the first record arrived. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration FILE_TIME = Duration.ofHours(12);
  private static final Incarnation INCARNATION =
      new Incarnation("arn:aws:kinesis:us-east-1:000000000000:stream/orders", START);

  private final ArchiveTable table;
  private final Path folder;
  private final int files;
  private final boolean keysHaveShards;
  private final Consumer<String> progress;
  private final Encoder encoder =
      new Encoder(
          EncoderSettings.DEFAULTS.within(1L << 30), SchemaSettings.DEFAULTS, PayloadFormat.JSON);

  private OrdersTable(
      ArchiveTable table,
      Path folder,
      int files,
      boolean keysHaveShards,
      Consumer<String> progress) {
    this.table = table;
    this.folder = folder;
    this.files = files;
    this.keysHaveShards = keysHaveShards;
    this.progress = progress;
  }

  /**
   * Makes the records, rounded up to whole files, unless the table holds just these already.
   *
   * @param folder for files on their way
   */
  static void fill(ArchiveTable table, long records, Path folder, Consumer<String> progress)
      throws Exception {
    fill(table, records, false, folder, progress);
  }

  /**
   * The same with {@value #KEYS_OF_SHARD} keys in each shard, which are in no other one: as a
   * stream has them.
   */
  static void fillByKey(ArchiveTable table, long records, Path folder, Consumer<String> progress)
      throws Exception {
    fill(table, records, true, folder, progress);
  }

  private static void fill(
      ArchiveTable table,
      long records,
      boolean keysHaveShards,
      Path folder,
      Consumer<String> progress)
      throws Exception {
    int files = (int) ((records + FILE_RECORDS - 1) / FILE_RECORDS);
    TableState state = table.load();
    long held = state.checkpoints().values().stream().mapToLong(ShardCheckpoint::rows).sum();
    if (held == (long) files * FILE_RECORDS) {
      return;
    }
    if (held > 0) {
      throw new IllegalStateException(
          "the folder holds a table of " + held + " records; delete it, or take another one");
    }
    OrdersTable orders =
        new OrdersTable(table, Files.createDirectories(folder), files, keysHaveShards, progress);
    try {
      orders.fill(state);
    } finally {
      orders.encoder.close();
    }
  }

  /** When the last record arrived, or a little later. */
  static Instant end(long records) {
    return START.plus(FILE_TIME.multipliedBy((records + FILE_RECORDS - 1) / FILE_RECORDS));
  }

  private void fill(TableState empty) throws Exception {
    PayloadSchema schema = schema();
    TableState state = table.addColumns(empty, schema);
    PayloadSchema columns = state.schema();
    int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
    ExecutorService encoders = Executors.newFixedThreadPool(threads);
    try {
      Deque<Future<Made>> making = new ArrayDeque<>();
      int next = 0;
      for (int file = 0; file < files; file++) {
        while (next < files && making.size() <= threads) {
          int number = next++;
          making.add(encoders.submit(() -> make(number, columns)));
        }
        Made made = making.remove().get();
        state = table.commit(state, commit(state, made, file == files - 1));
        Files.deleteIfExists(made.file().file());
        if (file % 10 == 9) {
          progress.accept("%,d records are archived".formatted((file + 1L) * FILE_RECORDS));
        }
      }
    } finally {
      encoders.shutdownNow();
    }
  }

  /** The columns that the events need. */
  private PayloadSchema schema() {
    List<StreamRecord> some = records(0, 0, 2_000);
    EncodeOutcome outcome =
        encoder.encode(day(0), some, PayloadSchema.EMPTY, List.of(), folder.resolve("some"));
    return ((EncodeOutcome.NeedsColumns) outcome).grown();
  }

  /** A file, and what it adds to each shard. */
  private record Made(NewDataFile file, List<ShardSums> sums) {}

  private Made make(int number, PayloadSchema columns) {
    List<StreamRecord> records = new ArrayList<>(FILE_RECORDS);
    List<ShardSums> sums = new ArrayList<>();
    for (int s = 0; s < SHARDS; s++) {
      List<StreamRecord> ofShard = records(number, s, FILE_RECORDS / SHARDS);
      RecordDigest digest = RecordDigest.ZERO;
      for (StreamRecord record : ofShard) {
        digest = digest.plus(RecordDigest.of(record));
      }
      Optional<ShardPosition> before =
          number == 0
              ? Optional.empty()
              : Optional.of(position(number - 1, s, FILE_RECORDS / SHARDS - 1));
      ShardPosition last = ofShard.get(ofShard.size() - 1).position();
      sums.add(new ShardSums(shard(s).key(), before, last, ofShard.size(), 0, digest));
      records.addAll(ofShard);
    }
    Path file = folder.resolve(number + ".parquet");
    EncodeOutcome outcome = encoder.encode(day(number), records, columns, sums, file);
    return new Made(((EncodeOutcome.Encoded) outcome).file(), sums);
  }

  private static ArchiveCommit commit(TableState state, Made made, boolean last) {
    List<ShardCheckpoint> checkpoints = new ArrayList<>();
    for (ShardSums sums : made.sums()) {
      Shard shard = shard(Integer.parseInt(sums.shard().shardId().substring("shardId-".length())));
      ShardCheckpoint old =
          state.checkpoints().getOrDefault(shard.key(), ShardCheckpoint.start(shard));
      checkpoints.add(
          new ShardCheckpoint(
              shard,
              last ? new After.End(Optional.of(sums.through())) : new After.At(sums.through()),
              Optional.of(START.plus(FILE_TIME)),
              old.rows() + sums.rows(),
              0,
              old.digest().plus(sums.digest()),
              Optional.empty()));
    }
    return new ArchiveCommit(INCARNATION, List.of(made.file()), checkpoints, List.of());
  }

  private List<StreamRecord> records(int file, int shard, int count) {
    ShardKey key = shard(shard).key();
    long seed = (long) file * SHARDS + shard;
    OrderEvents events = new OrderEvents(seed);
    Random keys = new Random(~seed);
    Instant first = START.plus(FILE_TIME.multipliedBy(file));
    List<StreamRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Instant arrival = first.plusMillis(i * FILE_TIME.toMillis() / count);
      int number = (file * SHARDS + shard) * (FILE_RECORDS / SHARDS) + i;
      records.add(
          new StreamRecord(
              key,
              position(file, shard, i),
              "customer-"
                  + (keysHaveShards
                      ? keys.nextInt(KEYS_OF_SHARD) * SHARDS + shard
                      : keys.nextInt(KEYS)),
              arrival,
              events.next(number, arrival).getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  private static ShardPosition position(int file, int shard, int i) {
    long number = 17L * ((long) file * (FILE_RECORDS / SHARDS) + i) + shard;
    String digits = Long.toString(1_000_000_000_000_000L + number);
    return ShardPosition.of(
        SequenceNumber.parse("4964" + "0".repeat(52 - digits.length()) + digits));
  }

  private static LocalDate day(int file) {
    return LocalDate.ofInstant(START.plus(FILE_TIME.multipliedBy(file)), ZoneOffset.UTC);
  }

  private static Shard shard(int number) {
    return new Shard(
        new ShardKey(INCARNATION.id(), String.format(Locale.ROOT, "shardId-%012d", number)),
        List.of(),
        new HashRange(BigInteger.valueOf(number), BigInteger.valueOf(number)));
  }
}
