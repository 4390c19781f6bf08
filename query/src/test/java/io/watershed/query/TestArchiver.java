package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.Shredder;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.duckdb.RecordTable;
import io.watershed.duckdb.SqlText;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveCommit;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** An archiver of a few lines: one call is one commit, of at most so many records a shard. */
final class TestArchiver {
  private static final Connection CONNECTION = open();

  private final Reservoir reservoir;
  private final Path folder;

  TestArchiver(Reservoir reservoir, Path folder) {
    this.reservoir = reservoir;
    this.folder = folder;
  }

  private static Connection open() {
    try {
      return DriverManager.getConnection("jdbc:duckdb:");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void archiveAll(String stream, StreamSource source) throws Exception {
    // A second commit picks up the children of shards that ended in the first.
    for (int i = 0; i < 2; i++) {
      commit(stream, source, Integer.MAX_VALUE, SchemaSettings.DEFAULTS, List.of());
    }
  }

  TableState commit(
      String stream, StreamSource source, int maxPerShard, SchemaSettings bounds, List<Gap> gaps)
      throws Exception {
    ArchiveTable table = reservoir.createOrLoad(stream);
    TableState state = table.load();
    Incarnation incarnation = source.describe().get().incarnation();
    Lineage lineage =
        Lineage.of(state.checkpoints().values().stream().map(ShardCheckpoint::shard).toList())
            .plus(source.listShards().get());
    Set<ShardKey> finished = new HashSet<>();
    state
        .checkpoints()
        .forEach(
            (k, c) -> {
              if (c.after().isEnd()) finished.add(k);
            });
    Map<ShardKey, Read> reads = new TreeMap<>();
    for (Shard shard : lineage.readable(finished)) {
      reads.put(shard.key(), read(source, shard, state, maxPerShard));
    }
    state = grow(table, state, reads, bounds);
    List<ShardCheckpoint> moved = new ArrayList<>();
    for (Shard shard : lineage.shards()) {
      Read read = reads.get(shard.key());
      if (read != null) {
        moved.add(move(state, shard, read));
      }
    }
    return table.commit(
        state, new ArchiveCommit(incarnation, files(state, reads, bounds), moved, gaps));
  }

  private record Read(List<StreamRecord> records, int skipped, boolean ended, boolean tip) {}

  private static Read read(StreamSource source, Shard shard, TableState state, int max)
      throws Exception {
    After after =
        Optional.ofNullable(state.checkpoints().get(shard.key()))
            .map(ShardCheckpoint::after)
            .orElse(new After.Start());
    String iterator =
        source
            .iterator(
                shard.key().shardId(),
                after
                    .lastPosition()
                    .<StartingPoint>map(p -> new StartingPoint.After(p.sequenceNumber()))
                    .orElse(new StartingPoint.TrimHorizon()))
            .get();
    List<StreamRecord> records = new ArrayList<>();
    int skipped = 0;
    while (true) {
      ReadBatch batch = source.read(shard.key().shardId(), iterator, 10_000).get();
      for (StreamRecord record : batch.records()) {
        boolean copy =
            ReplayedCopies.isCopyOfArchived(
                record.payload(),
                key -> Optional.ofNullable(state.checkpoints().get(key)).map(c -> c.after()));
        if (copy) {
          skipped++;
        } else {
          records.add(record);
        }
        if (records.size() == max) {
          return new Read(records, skipped, false, false);
        }
      }
      if (batch.endsShard() || batch.atTip()) {
        return new Read(records, skipped, batch.endsShard(), true);
      }
      iterator = batch.nextIterator().orElseThrow();
    }
  }

  private static TableState grow(
      ArchiveTable table, TableState state, Map<ShardKey, Read> reads, SchemaSettings bounds) {
    Shredder shredder = PayloadFormat.JSON.shredder(PayloadLayout.of(state.schema()), bounds);
    reads.values().forEach(read -> read.records().forEach(r -> shredder.shred(r.payload())));
    var grown = state.schema().grow(shredder.observations(), bounds);
    return grown.equals(state.schema()) ? state : table.addColumns(state, grown);
  }

  private static ShardCheckpoint move(TableState state, Shard shard, Read read) {
    ShardCheckpoint old =
        state.checkpoints().getOrDefault(shard.key(), ShardCheckpoint.start(shard));
    Optional<io.watershed.core.record.ShardPosition> last =
        read.records().isEmpty()
            ? old.after().lastPosition()
            : Optional.of(read.records().get(read.records().size() - 1).position());
    After after =
        read.ended()
            ? new After.End(last)
            : last.<After>map(After.At::new).orElse(new After.Start());
    return new ShardCheckpoint(
        shard,
        after,
        read.tip() ? Optional.of(Instant.now()) : old.completeThrough(),
        old.rows() + read.records().size(),
        old.skipped() + read.skipped(),
        old.digest().plus(digest(read.records())),
        read.records().isEmpty()
            ? old.lastArrival()
            : Optional.of(read.records().get(read.records().size() - 1).arrivalTime()));
  }

  private static RecordDigest digest(List<StreamRecord> records) {
    return records.stream().map(RecordDigest::of).reduce(RecordDigest.ZERO, RecordDigest::plus);
  }

  private List<NewDataFile> files(
      TableState state, Map<ShardKey, Read> reads, SchemaSettings bounds) throws Exception {
    Map<LocalDate, List<StreamRecord>> byDay = new TreeMap<>();
    for (Read read : reads.values()) {
      for (StreamRecord record : read.records()) {
        byDay
            .computeIfAbsent(
                LocalDate.ofInstant(record.arrivalTime(), ZoneOffset.UTC), d -> new ArrayList<>())
            .add(record);
      }
    }
    List<NewDataFile> files = new ArrayList<>();
    for (Map.Entry<LocalDate, List<StreamRecord>> day : byDay.entrySet()) {
      files.add(write(state, day.getKey(), day.getValue(), reads, bounds));
    }
    return files;
  }

  private NewDataFile write(
      TableState state,
      LocalDate day,
      List<StreamRecord> records,
      Map<ShardKey, Read> reads,
      SchemaSettings bounds)
      throws Exception {
    List<ShardSums> sums = new ArrayList<>();
    Map<ShardKey, List<StreamRecord>> byShard = new LinkedHashMap<>();
    records.forEach(r -> byShard.computeIfAbsent(r.shard(), k -> new ArrayList<>()).add(r));
    byShard.forEach(
        (key, mine) -> {
          List<StreamRecord> all = reads.get(key).records();
          sums.add(
              new ShardSums(
                  key,
                  Optional.ofNullable(state.checkpoints().get(key))
                      .flatMap(c -> c.after().lastPosition()),
                  all.get(all.size() - 1).position(),
                  mine.size(),
                  0,
                  digest(mine)));
        });
    Shredder shredder = PayloadFormat.JSON.shredder(PayloadLayout.of(state.schema()), bounds);
    records.forEach(r -> shredder.shred(r.payload()));
    UnlistedPaths unlisted = UnlistedPaths.of(shredder.observations(), bounds);
    Path file = Files.createDirectories(folder).resolve(UUID.randomUUID() + ".parquet");
    String ids =
        SystemColumn.all().stream()
                .map(c -> c.columnName() + ": " + c.fieldId())
                .collect(Collectors.joining(", "))
            + state.schema().columns().stream()
                .map(c -> ", " + fieldId(c))
                .collect(Collectors.joining());
    try (RecordTable rows = RecordTable.register(CONNECTION, records, state.schema());
        Statement statement = CONNECTION.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT * FROM ("
              + rows.selectSql()
              + ") ORDER BY _incarnation, _shard_id, _sequence_number, _sub_sequence_number) TO "
              + SqlText.literal(file.toString())
              + " (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {"
              + ids
              + "}, KV_METADATA {'"
              + FileSums.FOOTER_KEY
              + "': "
              + SqlText.literal(new FileSums(sums, unlisted.texts()).toJson())
              + "})");
    }
    return new NewDataFile(file, day, records.size());
  }

  private static String fieldId(PayloadColumn column) {
    String children =
        column.children().stream().map(c -> ", " + fieldId(c)).collect(Collectors.joining());
    return SqlText.name(column.name())
        + ": "
        + (children.isEmpty()
            ? column.fieldId()
            : "{__duckdb_field_id: " + column.fieldId() + children + "}");
  }
}
