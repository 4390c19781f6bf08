package io.watershed.hive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.core.checkpoint.After;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import io.watershed.cut.condition.Conditions;
import io.watershed.hive.TableSettings.Side;
import io.watershed.hive.WatershedSplit.ArchivedFile;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.hadoop.io.DataInputBuffer;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.io.NullWritable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans as Hive plans and runs them, without Hive: splits in one place, rows in another. */
class StreamSplitsTest {
  private static final String STREAM = "orders";
  private static final org.apache.hadoop.fs.Path LOCATION =
      new org.apache.hadoop.fs.Path("/warehouse/orders");

  @TempDir Path folder;
  private LocalKinesis kinesis;
  private KinesisStreams streams;
  private Reservoir reservoir;
  private int next;

  @BeforeEach
  void open() throws Exception {
    kinesis =
        LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withPort(0).withEnforceLimits(false));
    kinesis.createStream(STREAM, 2);
    streams = KinesisStreams.open(kinesis.access());
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        """
        reservoir: %s
        aws: {endpoint_url: "%s", region: us-east-1, local_credentials: true}
        streams: {orders: {}}
        """
            .formatted(folder.resolve("reservoir"), kinesis.endpoint()));
  }

  @AfterEach
  void close() {
    reservoir.close();
    streams.close();
    kinesis.close();
  }

  private void put(int count) {
    for (int i = 0; i < count; i++) {
      int id = next++;
      kinesis.put(STREAM, "user-" + id, ("{\"id\":" + id + "}").getBytes(UTF_8));
    }
  }

  private void archive() {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(STREAM, () -> streams.source(STREAM))),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      assertThat(service.run(ArchiveMode.ONCE, new StopSignal()).exitCode()).isZero();
    }
  }

  private TableSettings table(Side side) {
    return new TableSettings(folder.resolve("watershed.yaml").toString(), STREAM, side);
  }

  private List<WatershedSplit> plan(String queryId, Side side, Condition... conditions)
      throws IOException {
    TableSettings table = table(side);
    try (Sources sources = Sources.open(table)) {
      Conditions all =
          conditions.length == 0 ? Conditions.NONE : new Conditions(List.of(List.of(conditions)));
      List<WatershedSplit> splits = new ArrayList<>();
      for (WatershedSplit split :
          new SplitPlan(LOCATION, table, sources, all).splits(QueryCut.of(queryId, sources))) {
        splits.add(travelled(split));
      }
      return splits;
    }
  }

  /** As another node gets it. */
  private static WatershedSplit travelled(WatershedSplit split) throws IOException {
    DataOutputBuffer out = new DataOutputBuffer();
    split.write(out);
    DataInputBuffer in = new DataInputBuffer();
    in.reset(out.getData(), out.getLength());
    WatershedSplit read = new WatershedSplit();
    read.readFields(in);
    return read;
  }

  private static List<Object> read(List<WatershedSplit> splits, String names, String types)
      throws IOException {
    return read(splits, names, types, Conditions.NONE);
  }

  /** All values of the first column. */
  private static List<Object> read(
      List<WatershedSplit> splits, String names, String types, Conditions conditions)
      throws IOException {
    List<Object> values = new ArrayList<>();
    for (WatershedSplit split : splits) {
      try (var reader =
          WatershedRecordReader.open(split, ReadColumns.all(names, types), conditions)) {
        RowWritable row = reader.createValue();
        while (reader.next(NullWritable.get(), row)) {
          values.add(row.values().get(0));
        }
      }
    }
    return values;
  }

  private static List<Object> ids(List<WatershedSplit> splits) throws IOException {
    return read(splits, "id", "bigint");
  }

  private static List<Object> upTo(int count) {
    List<Object> ids = new ArrayList<>();
    for (long id = 0; id < count; id++) {
      ids.add(id);
    }
    return ids;
  }

  @Test
  void aCutStaysAsItWasWhileTheArchiverGoesOn() throws Exception {
    put(30);
    archive();
    put(20);
    List<WatershedSplit> before = plan("q1", Side.ALL);
    put(10);
    archive();
    put(10);
    List<WatershedSplit> after = plan("q1", Side.ALL);
    assertThat(ids(before)).containsExactlyInAnyOrderElementsOf(upTo(50));
    assertThat(ids(after)).containsExactlyInAnyOrderElementsOf(upTo(50));
    assertThat(ids(plan("q1", Side.LIVE))).hasSize(20);
    assertThat(ids(plan("q2", Side.ALL))).containsExactlyInAnyOrderElementsOf(upTo(70));
    assertThat(ids(plan("q2", Side.LIVE))).hasSize(10);
  }

  @Test
  void aStreamWithoutAnArchiveIsAllLive() throws Exception {
    put(5);
    assertThat(ids(plan("q", Side.ALL))).containsExactlyInAnyOrderElementsOf(upTo(5));
  }

  @Test
  void aShardIsASplitAndAFilterLeavesShardsOut() throws Exception {
    put(40);
    List<WatershedSplit> all = plan("q", Side.LIVE);
    assertThat(all).hasSize(2);
    String shard = all.get(0).shard().shardId();
    List<WatershedSplit> one =
        plan("q", Side.LIVE, new Condition(List.of("_shard_id"), Op.EQUAL, List.of(shard)));
    assertThat(one).hasSize(1);
    assertThat(
            new TreeSet<>(read(one, "_shard_id", "string").stream().map(String::valueOf).toList()))
        .containsExactly(shard);
  }

  @Test
  void aTimeLeavesDataFilesOut() throws Exception {
    put(10);
    archive();
    Condition later =
        new Condition(
            List.of("_arrival_time"), Op.GREATER, List.of(Instant.now().plusSeconds(3600)));
    assertThat(plan("q", Side.ALL, later)).isEmpty();
    Condition earlier =
        new Condition(List.of("_arrival_time"), Op.LESS, List.of(Instant.now().plusSeconds(3600)));
    assertThat(ids(plan("q", Side.ALL, earlier))).containsExactlyInAnyOrderElementsOf(upTo(10));
  }

  @Test
  void aTimeLeavesRecordsOutBeforeTheyAreDecoded() throws Exception {
    put(10);
    Instant later = Instant.now().plusSeconds(3600);
    List<WatershedSplit> splits = plan("q", Side.LIVE);
    for (Op op : List.of(Op.GREATER, Op.LESS)) {
      Condition condition = new Condition(List.of("_arrival_time"), op, List.of(later));
      assertThat(read(splits, "id", "bigint", new Conditions(List.of(List.of(condition)))))
          .hasSize(op == Op.LESS ? 10 : 0);
    }
  }

  @Test
  void whatIsTrimmedBetweenPlanAndReadFails() throws Exception {
    put(20);
    List<WatershedSplit> splits = plan("q", Side.LIVE);
    kinesis.expireOldest(STREAM, splits.get(0).shard().shardId(), 1);
    assertThatThrownBy(() -> ids(splits))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("cannot be read any more");
  }

  @Test
  void ofAFileThatHoldsMoreOnlyTheCutsRowsAreRead() throws Exception {
    put(40);
    archive();
    ArchiveTable table = reservoir.archive(STREAM);
    List<ArchivedFile> files =
        table.files(table.load()).stream()
            .map(file -> new ArchivedFile(file.key(), file.sizeBytes(), true))
            .toList();
    Map<ShardKey, List<ShardPosition>> all = positions(files, shard -> END);
    Map<ShardKey, ShardPosition> third = new TreeMap<>();
    all.forEach((shard, positions) -> third.put(shard, positions.get(2)));
    assertThat(all).hasSize(2);
    assertThat(positions(files, shard -> Optional.of(new After.At(third.get(shard)))))
        .allSatisfy((shard, positions) -> assertThat(positions).hasSize(3))
        .hasSize(2);
    assertThat(positions(files, shard -> Optional.empty())).isEmpty();
  }

  private static final Optional<After> END =
      Optional.of(
          new After.At(ShardPosition.of(new SequenceNumber("9".repeat(SequenceNumber.WIDTH)))));

  private Map<ShardKey, List<ShardPosition>> positions(
      List<ArchivedFile> files, Function<ShardKey, Optional<After>> archived) {
    Map<ShardKey, List<ShardPosition>> positions = new TreeMap<>();
    try (ArchivedRecords records = new ArchivedRecords(reservoir.store(), files, archived, false)) {
      for (var batch = records.next(); batch.isPresent(); batch = records.next()) {
        batch
            .get()
            .forEach(
                record ->
                    positions
                        .computeIfAbsent(record.shard(), shard -> new ArrayList<>())
                        .add(record.position()));
      }
    }
    positions.values().forEach(list -> list.sort(null));
    return positions;
  }

  @Test
  void payloadsAreReadOnlyWhereTheyAreAskedFor() throws Exception {
    put(10);
    archive();
    List<WatershedSplit> splits = plan("q", Side.ALL);
    assertThat(read(splits, "_partition_key", "string")).hasSize(10).contains("user-3");
    assertThat(read(splits, "_payload", "binary"))
        .extracting(bytes -> new String((byte[]) bytes, UTF_8))
        .contains("{\"id\":3}");
  }
}
