package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Records, Parquet files and commits for tests; the files are written by DuckDB. */
public final class TestRecords implements AutoCloseable {
  public static final Incarnation ORDERS =
      new Incarnation(
          "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
          Instant.parse("2026-11-01T00:00:00.123Z"));
  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final Path folder;
  private final Connection duckdb;

  public TestRecords(Path folder) throws SQLException {
    this.folder = folder;
    this.duckdb = DriverManager.getConnection("jdbc:duckdb:");
    sql("SET threads=1");
    sql("SET TimeZone='UTC'");
  }

  public static Shard shard(int number) {
    return new Shard(
        new ShardKey(ORDERS.id(), String.format("shardId-%012d", number)),
        number < 2 ? List.of() : List.of(String.format("shardId-%012d", number - 2)),
        new HashRange(
            BigInteger.valueOf(number), BigInteger.TWO.pow(128).subtract(BigInteger.ONE)));
  }

  /** Sequence numbers as Kinesis makes them: 56 digits, equal in all but the last ones. */
  public static ShardPosition position(long number) {
    return ShardPosition.of(
        SequenceNumber.parse(
            "49590338271490256608559692538361571095921575989136" + String.format("%06d", number)));
  }

  public static StreamRecord record(int shard, long number, Instant arrival) {
    return new StreamRecord(
        shard(shard).key(),
        position(number),
        "key-" + number % 7,
        arrival,
        ("{\"id\":" + number + "}").getBytes(StandardCharsets.UTF_8));
  }

  /** Records first..last of a shard that all arrived at noon. */
  public static List<StreamRecord> records(int shard, long first, long last) {
    List<StreamRecord> records = new ArrayList<>();
    for (long number = first; number <= last; number++) {
      records.add(record(shard, number, NOON));
    }
    return records;
  }

  /** The commit of these records on top of the state: one file a day, checkpoints moved. */
  public ArchiveCommit commit(TableState base, List<StreamRecord> records) throws SQLException {
    Map<ShardKey, List<StreamRecord>> byShard =
        records.stream().collect(Collectors.groupingBy(StreamRecord::shard));
    Map<LocalDate, List<StreamRecord>> byDay =
        records.stream()
            .collect(
                Collectors.groupingBy(r -> LocalDate.ofInstant(r.arrivalTime(), ZoneOffset.UTC)));
    List<NewDataFile> files = new ArrayList<>();
    for (Map.Entry<LocalDate, List<StreamRecord>> day : byDay.entrySet()) {
      files.add(file(base, day.getKey(), day.getValue(), byShard));
    }
    List<ShardCheckpoint> checkpoints = new ArrayList<>();
    byShard.forEach(
        (key, added) -> {
          int number = Integer.parseInt(key.shardId().substring("shardId-".length()));
          ShardCheckpoint last =
              base.checkpoints().getOrDefault(key, ShardCheckpoint.start(shard(number)));
          checkpoints.add(
              new ShardCheckpoint(
                  last.shard(),
                  new After.At(last(added)),
                  Optional.of(NOON),
                  last.rows() + added.size(),
                  last.skipped(),
                  last.digest().plus(digest(added))));
        });
    return new ArchiveCommit(ORDERS, files, checkpoints, List.of());
  }

  private NewDataFile file(
      TableState base,
      LocalDate day,
      List<StreamRecord> records,
      Map<ShardKey, List<StreamRecord>> byShard)
      throws SQLException {
    List<ShardSums> sums = new ArrayList<>();
    records.stream()
        .collect(Collectors.groupingBy(StreamRecord::shard))
        .forEach(
            (key, mine) ->
                sums.add(
                    new ShardSums(
                        key,
                        Optional.ofNullable(base.checkpoints().get(key))
                            .flatMap(checkpoint -> checkpoint.after().lastPosition()),
                        last(byShard.get(key)),
                        mine.size(),
                        0,
                        digest(mine))));
    return write(day, records, new FileSums(sums, List.of()), base.schema());
  }

  /** A file as it stands, right or wrong. Payload column {@code id} is filled if it is there. */
  public NewDataFile write(
      LocalDate day, List<StreamRecord> records, FileSums sums, PayloadSchema schema)
      throws SQLException {
    Path file = folder.resolve(UUID.randomUUID() + ".parquet");
    String rows =
        records.stream()
            .map(
                r ->
                    String.format(
                        "('%s','%s','%s',%d::BIGINT,'%s',TIMESTAMPTZ '%s','%s'::BLOB,NULL::VARCHAR,NULL::VARCHAR,"
                            + "NULL::VARCHAR,NULL::VARCHAR,NULL::VARCHAR,NULL::BIGINT%s)",
                        r.shard().incarnation(),
                        r.shard().shardId(),
                        r.position().sequenceNumber().padded(),
                        r.position().subSequenceNumber(),
                        r.partitionKey(),
                        r.arrivalTime(),
                        new String(r.payload(), StandardCharsets.UTF_8),
                        schema.columns().stream()
                            .map(TestRecords::value)
                            .collect(Collectors.joining())))
            .collect(Collectors.joining(","));
    String names =
        SystemColumn.selectList()
            + schema.columns().stream()
                .map(c -> ", \"" + c.name() + "\"")
                .collect(Collectors.joining());
    String ids =
        SystemColumn.all().stream()
                .map(c -> c.columnName() + ": " + c.fieldId())
                .collect(Collectors.joining(", "))
            + schema.columns().stream().map(c -> ", " + fieldId(c)).collect(Collectors.joining());
    sql(
        "COPY (SELECT * FROM (VALUES "
            + rows
            + ") t("
            + names
            + ")) TO '"
            + file
            + "' (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {"
            + ids
            + "}, KV_METADATA {'"
            + FileSums.FOOTER_KEY
            + "': '"
            + sums.toJson().replace("'", "''")
            + "'})");
    return new NewDataFile(file, day, records.size());
  }

  private static String fieldId(PayloadColumn column) {
    String children =
        column.children().stream().map(c -> ", " + fieldId(c)).collect(Collectors.joining());
    return "\""
        + column.name()
        + "\": "
        + (children.isEmpty()
            ? column.fieldId()
            : "{__duckdb_field_id: " + column.fieldId() + children + "}");
  }

  private static String value(PayloadColumn column) {
    return ", " + literal(column);
  }

  private static String literal(PayloadColumn column) {
    return switch (column.type()) {
      case LONG -> "7::BIGINT";
      case DOUBLE -> "7.5::DOUBLE";
      case BOOLEAN -> "true";
      case TEXT, JSON -> "'seven'";
      case STRUCT ->
          "{"
              + column.children().stream()
                  .map(c -> "'" + c.name() + "': " + literal(c))
                  .collect(Collectors.joining(", "))
              + "}";
    };
  }

  public static RecordDigest digest(List<StreamRecord> records) {
    RecordDigest sum = RecordDigest.ZERO;
    for (StreamRecord record : records) {
      sum = sum.plus(RecordDigest.of(record));
    }
    return sum;
  }

  private static ShardPosition last(List<StreamRecord> records) {
    return records.get(records.size() - 1).position();
  }

  /** The records of a file, in its order. */
  public synchronized List<StreamRecord> read(Path file) throws SQLException {
    List<StreamRecord> read = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT _incarnation, _shard_id, _sequence_number, _partition_key,"
                    + " epoch_us(_arrival_time), decode(_payload) FROM read_parquet('"
                    + file
                    + "')")) {
      while (rows.next()) {
        read.add(
            new StreamRecord(
                new ShardKey(rows.getString(1), rows.getString(2)),
                ShardPosition.of(new SequenceNumber(rows.getString(3))),
                rows.getString(4),
                Instant.EPOCH.plus(rows.getLong(5), java.time.temporal.ChronoUnit.MICROS),
                rows.getString(6).getBytes(StandardCharsets.UTF_8)));
      }
    }
    return read;
  }

  /** Rows, and distinct positions, of these files together. */
  public synchronized List<Long> rowsAndDistinct(List<Path> files) throws SQLException {
    String names = files.stream().map(f -> "'" + f + "'").collect(Collectors.joining(","));
    try (Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT (_incarnation, _shard_id, _sequence_number,"
                    + " _sub_sequence_number)) FROM read_parquet(["
                    + names
                    + "])")) {
      rows.next();
      return List.of(rows.getLong(1), rows.getLong(2));
    }
  }

  private synchronized void sql(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    duckdb.close();
  }
}
