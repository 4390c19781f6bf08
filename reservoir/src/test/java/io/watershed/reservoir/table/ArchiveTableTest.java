package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.Sleeper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTableTest {
  @TempDir Path folder;
  private TestRecords records;
  private ArchiveTable table;
  private Reservoir reservoir;

  @BeforeEach
  void open() throws Exception {
    records = new TestRecords(folder);
    reservoir =
        new Reservoir(
            new DiskStore(folder.resolve("reservoir")),
            ReservoirSettings.DEFAULTS,
            new Backoff(
                ReservoirSettings.DEFAULTS.firstPause(),
                ReservoirSettings.DEFAULTS.longestPause(),
                new Random(1),
                Sleeper.NONE),
            UUID::randomUUID);
    table = reservoir.createOrLoad("orders");
  }

  @AfterEach
  void close() throws Exception {
    records.close();
    reservoir.close();
  }

  @Test
  void manifestsStaySmallForStatementsOverAnHour() {
    assertThat(TestTables.operations(reservoir.store()).current().properties())
        .containsEntry(TableProperties.MANIFEST_TARGET_SIZE_BYTES, "1048576");
  }

  @Test
  void aCommitAppendsFilesAndMovesCheckpointsTogether() throws Exception {
    TableState empty = table.load();
    assertThat(empty.generation()).isZero();
    assertThat(table.files(empty)).isEmpty();

    List<StreamRecord> both = new ArrayList<>(TestRecords.records(0, 1, 10));
    both.addAll(TestRecords.records(1, 5, 7));
    ArchiveCommit commit = records.commit(empty, both);
    TableState after = table.commit(empty, commit);

    assertThat(after.generation()).isOne();
    assertThat(after.checkpoints().values())
        .containsExactlyElementsOf(
            commit.checkpoints().stream()
                .sorted(java.util.Comparator.comparing(c -> c.key()))
                .toList());
    assertThat(after.incarnations()).containsExactly(TestRecords.ORDERS);
    assertThat(reservoir.find("orders").orElseThrow().load()).isEqualTo(after);
    DataFileInfo file = table.files(after).get(0);
    assertThat(file.rows()).isEqualTo(13);
    assertThat(file.minShard()).contains(TestRecords.shard(0).key());
    assertThat(file.maxShard()).contains(TestRecords.shard(1).key());
    assertThat(file.minSequence()).contains(TestRecords.position(1).sequenceNumber().padded());
    assertThat(file.maxSequence()).contains(TestRecords.position(10).sequenceNumber().padded());
    assertThat(file.columns()).contains("_payload", "_sequence_number");
    assertThat(table.sums(file)).isEqualTo(FileSums.parse(table.sums(file).toJson()));
    assertThat(table.sums(file).shards()).hasSize(2);
  }

  @Test
  void aFilesNameEndsWithTheDigestOfItsBytes() throws Exception {
    TableState empty = table.load();
    TableState after = table.commit(empty, records.commit(empty, TestRecords.records(0, 1, 10)));
    String key = table.files(after).get(0).key();
    assertThat(FileDigest.inKey(key))
        .contains(FileDigest.of(folder.resolve("reservoir").resolve(key)));
    assertThat(FileDigest.inKey("orders/data/part-0.parquet")).isEmpty();
  }

  @Test
  void filesArePrunedBySequenceShardAndArrival() throws Exception {
    TableState state = table.load();
    for (int i = 0; i < 5; i++) {
      state =
          table.commit(
              state, records.commit(state, TestRecords.records(i % 2, i * 10L, i * 10L + 9)));
    }
    assertThat(table.files(state)).hasSize(5);
    SequenceNumber twelve = TestRecords.position(12).sequenceNumber();
    assertThat(
            table.files(
                state, FileFilter.ALL.withSequences(Optional.of(twelve), Optional.of(twelve))))
        .hasSize(1);
    assertThat(table.files(state, FileFilter.ALL.withShards(Set.of(TestRecords.shard(1).key()))))
        .hasSize(2);
    assertThat(
            table.files(
                state,
                FileFilter.arrivedBetween(
                    Optional.of(TestRecords.NOON.plusSeconds(1)), Optional.empty())))
        .isEmpty();
    assertThat(
            table.files(
                state,
                FileFilter.arrivedBetween(
                    Optional.of(TestRecords.NOON), Optional.of(TestRecords.NOON.plusNanos(1)))))
        .hasSize(5);
  }
}
