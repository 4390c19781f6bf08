package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.S3ProxyServer.Pauses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestCacheTest {
  @TempDir Path folder;
  private TestRecords records;
  private Counted store;
  private final ManifestCache cache = new ManifestCache();

  @BeforeEach
  void open() throws Exception {
    records = new TestRecords(folder);
    store = new Counted(new DiskStore(folder.resolve("reservoir")));
  }

  @AfterEach
  void close() throws Exception {
    records.close();
    store.close();
  }

  @Test
  void eachManifestIsReadOnceAndPlansAreTheSameAsWithout() throws Exception {
    TableState state = filled(5);
    ArchiveTable reader = table(cache);
    SequenceNumber twelve = TestRecords.position(12).sequenceNumber();
    FileFilter one = FileFilter.ALL.withSequences(Optional.of(twelve), Optional.of(twelve));
    List<DataFileInfo> all = reader.files(state);
    assertThat(all).hasSize(5);
    assertThat(cache.size()).isEqualTo(5);

    store.read.clear();
    assertThat(reader.files(state)).isEqualTo(all);
    assertThat(reader.files(state, one)).hasSize(1).isEqualTo(fresh().files(state, one));
    assertThat(store.manifestsReadBy(reader)).isZero();
    assertThat(fresh().files(state)).isEqualTo(all);
    assertThat(store.manifestsReadBy(fresh())).isPositive();
  }

  @Test
  void onlyTheNewManifestOfACommitIsReadAgain() throws Exception {
    TableState state = filled(5);
    assertThat(table(cache).files(state)).hasSize(5);
    TableState after =
        table(cache).commit(state, records.commit(state, TestRecords.records(0, 50, 59)));
    store.read.clear();
    assertThat(table(cache).files(after)).hasSize(6);
    assertThat(store.manifests()).isEqualTo(1);
  }

  @Test
  void aTableThatWasMadeAgainIsNotTakenForTheOldOne() throws Exception {
    TableState old = filled(1);
    ArchiveTable reader = table(cache);
    assertThat(reader.load()).isEqualTo(old);
    List<String> keys = new ArrayList<>();
    store.list("orders/").forEach(object -> keys.add(object.key()));
    keys.forEach(store::delete);

    TableState again = filled(1);
    assertThat(again.metadataVersion()).isEqualTo(old.metadataVersion());
    assertThat(again.tableUuid()).isNotEqualTo(old.tableUuid());
    assertThat(reader.load()).isEqualTo(again);
    assertThat(reader.files(again)).isEqualTo(fresh().files(again));
  }

  /** A table with so many files, each in a commit of its own. */
  private TableState filled(int commits) throws Exception {
    ArchiveTable table = fresh();
    table.create();
    TableState state = table.load();
    for (int i = 0; i < commits; i++) {
      state =
          table.commit(state, records.commit(state, TestRecords.records(0, i * 10L, i * 10L + 9)));
    }
    return state;
  }

  private ArchiveTable fresh() {
    return table(new ManifestCache());
  }

  private ArchiveTable table(ManifestCache manifests) {
    return new ArchiveTable(
        store,
        "orders",
        ReservoirSettings.DEFAULTS,
        Pauses.NONE,
        UUID::randomUUID,
        manifests,
        () -> {});
  }

  /** Notes which objects are read. */
  private static final class Counted extends ForwardingStore {
    final List<String> read = new ArrayList<>();

    Counted(ObjectStore store) {
      super(store);
    }

    @Override
    public Optional<byte[]> get(String key, long maxBytes) {
      read.add(key);
      return super.get(key, maxBytes);
    }

    /** Those that are no manifest lists. */
    long manifests() {
      return read.stream().filter(key -> key.endsWith(".avro") && !key.contains("snap-")).count();
    }

    long manifestsReadBy(ArchiveTable table) {
      read.clear();
      assertThat(table.files(table.load())).isNotEmpty();
      return manifests();
    }
  }
}
