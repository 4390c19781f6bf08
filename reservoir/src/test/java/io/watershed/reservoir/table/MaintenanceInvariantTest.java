package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.store.ClockedStore;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.FaultyStore;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Archivers, maintenance, readers and zombies at random over a store that loses requests and
 * answers, with hours and days passing: no reader within its grace ever misses a file, no row is
 * lost or doubled, and what nobody needs goes in the end.
 */
class MaintenanceInvariantTest {
  private static final int STEPS = 80;
  private static final Duration GRACE = Duration.ofHours(23);

  @TempDir Path folder;
  private final Map<String, List<StreamRecord>> rowsOfDay = new HashMap<>();
  private final Deque<Reader> readers = new ArrayDeque<>();
  private final List<Runnable> zombies = new ArrayList<>();
  private ClockedStore store;
  private FaultyStore faulty;
  private ArchiveTable table;
  private TestRecords records;
  private Random random;
  private long next;

  private record Reader(Instant at, List<DataFileInfo> files) {}

  @ParameterizedTest
  @ValueSource(longs = 1)
  void nobodyEverMissesAFile(long seed) throws Exception {
    random = new Random(seed);
    store = new ClockedStore(new DiskStore(folder.resolve("reservoir")));
    TestTables.created(store);
    faulty = new FaultyStore(store, random, 0.1);
    table = TestTables.table(faulty, RewriteTest.FEW_SNAPSHOTS);
    try (TestRecords open = new TestRecords(folder)) {
      records = open;
      for (int step = 0; step < STEPS; step++) {
        store.advance(Duration.ofMinutes(random.nextInt(240)));
        step(random.nextInt(20));
        checkReaders();
      }
      checkRows();
      assertThat(table.load().maintenance()).as("rewrites that were made").isGreaterThan(5);
      checkNothingIsLeft();
    }
  }

  private void step(int choice) throws Exception {
    if (choice < 7) {
      commit(table.load(), false);
    } else if (choice < 11) {
      rewrite(table.load(), false);
    } else if (choice == 11) {
      commit(table.load(), true);
    } else if (choice == 12) {
      rewrite(table.load(), true);
    } else if (choice == 13 && !zombies.isEmpty()) {
      zombies.remove(random.nextInt(zombies.size())).run();
    } else if (choice == 14) {
      LocalDate today = LocalDate.ofInstant(store.now(), ZoneOffset.UTC);
      trying(() -> table.dropDays(table.load(), today.minusDays(6)));
    } else if (choice == 15) {
      store.advance(Duration.ofHours(20));
    } else if (choice < 18) {
      clean();
    } else {
      TableState state = table.load();
      readers.add(new Reader(store.now(), table.files(state)));
    }
  }

  /** What a zombie prepared is committed later, or never. */
  private void commit(TableState base, boolean later) throws Exception {
    List<StreamRecord> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Instant arrival = store.now().minus(Duration.ofHours(random.nextInt(30)));
      rows.add(TestRecords.record(0, next++, arrival));
    }
    ArchiveCommit commit = records.commit(base, rows);
    run(later, () -> table.commit(base, commit));
  }

  private void rewrite(TableState base, boolean later) throws Exception {
    Map<LocalDate, List<DataFileInfo>> days = new TreeMap<>();
    table.files(base).forEach(f -> days.computeIfAbsent(f.day(), d -> new ArrayList<>()).add(f));
    if (days.isEmpty()) {
      return;
    }
    LocalDate day = new ArrayList<>(days.keySet()).get(random.nextInt(days.size()));
    List<DataFileInfo> files = days.get(day);
    List<StreamRecord> rows = new ArrayList<>();
    for (DataFileInfo file : files) {
      rows.addAll(rowsOf(file));
    }
    rows.sort(Comparator.comparing(StreamRecord::position));
    List<ShardSums> sums = RewriteRules.merge(files.stream().map(table::sums).toList());
    NewDataFile file = records.write(day, rows, new FileSums(sums, List.of()), base.schema());
    run(later, () -> table.rewrite(base, new FileRewrite(files, List.of(file))));
  }

  private List<StreamRecord> rowsOf(DataFileInfo file) throws Exception {
    List<StreamRecord> known = rowsOfDay.get(file.key());
    if (known == null) {
      known = records.read(path(file.key()));
      rowsOfDay.put(file.key(), known);
    }
    return known;
  }

  private Path path(String key) {
    return folder.resolve("reservoir").resolve(key);
  }

  private void run(boolean later, Runnable action) {
    if (later) {
      zombies.add(() -> trying(action));
    } else {
      trying(action);
    }
  }

  private void trying(Runnable action) {
    try {
      action.run();
    } catch (WatershedException e) {
      assertThat(e.code())
          .as(e.getMessage())
          .isIn(ErrorCode.FENCED, ErrorCode.COMMIT_STATE_UNKNOWN, ErrorCode.STORE);
    }
  }

  private void clean() {
    table.deleteOldVersions(1000);
    Unreferenced found = table.unreferenced(10_000);
    found.removable().forEach(o -> assertThat(table.remove(o)).isTrue());
    if (!found.afterFence().isEmpty()) {
      trying(() -> table.fenceAll(table.load()));
    }
  }

  private void checkReaders() {
    readers.removeIf(reader -> reader.at().plus(GRACE).isBefore(store.now()));
    for (Reader reader : readers) {
      assertThat(reader.files()).allMatch(f -> store.stat(f.key()).isPresent(), "is there");
    }
    TableState now = table.load();
    assertThat(table.files(now)).allMatch(f -> store.stat(f.key()).isPresent(), "is there");
  }

  /** What the files hold, and what was dropped, is what the checkpoints say. */
  private void checkRows() throws Exception {
    TableState state = table.load();
    List<DataFileInfo> files = table.files(state);
    ShardKey shard = TestRecords.shard(0).key();
    RecordDigest digest = RecordDigest.ZERO;
    long rows = 0;
    for (DataFileInfo file : files) {
      List<StreamRecord> held = rowsOf(file);
      rows += held.size();
      digest = digest.plus(TestRecords.digest(held));
    }
    DroppedRecords dropped = state.dropped().shards().get(shard);
    if (dropped != null) {
      rows += dropped.rows();
      digest = digest.plus(dropped.digest());
    }
    assertThat(rows).isPositive().isEqualTo(state.checkpoints().get(shard).rows());
    assertThat(digest).isEqualTo(state.checkpoints().get(shard).digest());
  }

  /** Once the dead are fenced and a few days have passed, what is there is what is named. */
  private void checkNothingIsLeft() throws Exception {
    faulty.deliverAll();
    ArchiveTable calm = TestTables.table(store, RewriteTest.FEW_SNAPSHOTS);
    table = calm;
    calm.fenceAll(calm.load());
    for (int i = 0; i < 20; i++) {
      store.advance(Duration.ofHours(6));
      commit(calm.load(), false);
    }
    clean();
    List<String> data = new ArrayList<>();
    store.list("orders/data/").forEach(object -> data.add(object.key()));
    List<String> named = new ArrayList<>();
    for (DataFileInfo file : calm.files(calm.load())) {
      named.add(file.key());
    }
    assertThat(data).containsExactlyInAnyOrderElementsOf(named);
  }
}
