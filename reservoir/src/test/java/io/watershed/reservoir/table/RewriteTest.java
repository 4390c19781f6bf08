package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.store.ClockedStore;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rewriting, dropping and removing files beside an archiver. */
class RewriteTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-23");

  /** As the defaults, but five snapshots and two more. */
  static final ReservoirSettings FEW_SNAPSHOTS =
      new ReservoirSettings(
          8,
          Duration.ofMinutes(2),
          10,
          Duration.ofMillis(50),
          Duration.ofSeconds(5),
          256L << 20,
          5,
          2,
          256,
          100,
          Duration.ofHours(24));

  @TempDir Path folder;
  private ClockedStore store;
  private ArchiveTable table;
  private TestRecords records;

  @BeforeEach
  void open() throws Exception {
    store = new ClockedStore(new DiskStore(folder.resolve("reservoir")));
    TestTables.created(store);
    table = TestTables.table(store, FEW_SNAPSHOTS);
    records = new TestRecords(folder);
  }

  @AfterEach
  void close() throws Exception {
    records.close();
  }

  @Test
  void aRewriteKeepsEveryRowAndFencesNoArchiver() throws Exception {
    TableState state = commits(3);
    ArchiveCommit meanwhile = records.commit(state, TestRecords.records(0, 30, 34));
    TableState rewritten = table.rewrite(state, merged(state));

    assertThat(table.files(rewritten)).hasSize(1);
    assertThat(rewritten.generation()).isEqualTo(state.generation());
    assertThat(rewritten.checkpoints()).isEqualTo(state.checkpoints());
    assertThat(rewritten.maintenance()).isOne();
    TableState after = table.commit(state, meanwhile);
    assertThat(table.files(after)).hasSize(2);
    assertThat(after.maintenance()).isOne();
    assertThat(table.files(after).stream().mapToLong(DataFileInfo::rows).sum()).isEqualTo(20);
  }

  @Test
  void filesAreRewrittenWhenTheirFirstSnapshotsHaveExpired() throws Exception {
    TableState state = commits(9);
    assertThat(table.files(table.rewrite(state, merged(state)))).hasSize(1);
  }

  @Test
  void aRewriteThatLosesToAnArchiverIsRepeatedOnTopOfItsCommit() throws Exception {
    TableState state = commits(2);
    ArchiveCommit meanwhile = records.commit(state, TestRecords.records(0, 30, 34));
    ArchiveTable slow =
        TestTables.table(
            before("v" + (state.metadataVersion() + 1), () -> table.commit(state, meanwhile)));
    TableState after = slow.rewrite(state, merged(state));

    assertThat(after.generation()).isEqualTo(state.generation() + 1);
    assertThat(table.files(after)).hasSize(2);
    assertThat(after.checkpoints().values()).allMatch(c -> c.rows() == 15);
  }

  @Test
  void filesThatLackARecordAreRefusedAndNothingIsUploaded() throws Exception {
    TableState state = commits(3);
    FileRewrite right = merged(state);
    List<StreamRecord> fewer = TestRecords.records(0, 0, 24).subList(0, 14);
    ShardSums sums = RewriteRules.merge(right.replaced().stream().map(table::sums).toList()).get(0);
    RecordDigest digest = TestRecords.digest(fewer);
    ShardSums less =
        new ShardSums(sums.shard(), sums.from(), sums.through(), 14, sums.skipped(), digest);
    NewDataFile file =
        records.write(DAY, fewer, new FileSums(List.of(less), List.of()), state.schema());
    long before = objects().size();

    assertCode(
        ErrorCode.INTEGRITY,
        () -> table.rewrite(state, new FileRewrite(right.replaced(), List.of(file))));
    assertThat(objects()).hasSize((int) before);
    assertThat(table.load()).isEqualTo(state);
  }

  @Test
  void ofTwoWhoMaintainTheSecondIsFencedAndLeavesNoFile() throws Exception {
    TableState state = commits(3);
    FileRewrite one = merged(state);
    FileRewrite other = merged(state);
    TableState after = table.rewrite(state, one);

    assertCode(ErrorCode.FENCED, () -> table.rewrite(state, other));
    assertThat(table.load()).isEqualTo(after);
    assertThat(dataKeys()).hasSize(4);
  }

  @Test
  void droppedDaysAreInTheBooks() throws Exception {
    TableState state = commits(3);
    TableState after = table.dropDays(state, DAY.plusDays(1));

    assertThat(table.files(after)).isEmpty();
    assertThat(after.checkpoints()).isEqualTo(state.checkpoints());
    assertThat(after.dropped().before()).contains(DAY.plusDays(1));
    DroppedRecords dropped = after.dropped().shards().get(TestRecords.shard(0).key());
    assertThat(dropped.rows()).isEqualTo(15);
    assertThat(dropped.digest())
        .isEqualTo(state.checkpoints().get(TestRecords.shard(0).key()).digest());
    assertThat(dropped.through()).isEqualTo(TestRecords.position(24));
    assertThat(TestTables.table(store).load()).isEqualTo(after);

    TableState later = table.commit(after, records.commit(after, TestRecords.records(0, 40, 41)));
    assertThat(later.dropped()).as("an archiver carries them on").isEqualTo(after.dropped());
    TableState again = table.dropDays(later, DAY.plusDays(1));
    assertThat(again.dropped().shards().get(TestRecords.shard(0).key()).rows()).isEqualTo(17);
  }

  @Test
  void replacedFilesStayForADayForWhoReadsThem() throws Exception {
    TableState state = commits(3);
    List<String> old = table.files(state).stream().map(DataFileInfo::key).toList();
    store.advance(Duration.ofHours(2));
    table.rewrite(state, merged(state));
    commitsWithin(12, 22); // the snapshots that name them expire
    clean();
    assertThat(dataKeys()).containsAll(old);

    commitsWithin(12, 36);
    clean();
    assertThat(dataKeys()).doesNotContainAnyElementsOf(old);
    assertThat(table.files(table.load())).allMatch(f -> store.stat(f.key()).isPresent());
  }

  @Test
  void filesOfADeadWriterGoOnlyAfterAFenceThatItsReturnRunsInto() throws Exception {
    TableState state = commits(3);
    ArchiveTable dying =
        TestTables.table(
            new ForwardingStore(store) {
              @Override
              public CreateOutcome createIfAbsent(String key, byte[] content) {
                return key.endsWith(".json")
                    ? CreateOutcome.UNKNOWN
                    : super.createIfAbsent(key, content);
              }
            });
    FileRewrite rewrite = merged(state);
    assertCode(ErrorCode.COMMIT_STATE_UNKNOWN, () -> dying.rewrite(state, rewrite));
    ArchiveCommit late = records.commit(state, TestRecords.records(0, 30, 34));
    assertCode(ErrorCode.COMMIT_STATE_UNKNOWN, () -> dying.commit(state, late));
    TableState other = table.addColumns(state, TableRulesTest.columns("a"));
    other = table.addColumns(other, TableRulesTest.columns("b"));
    store.advance(Duration.ofHours(30));
    other = table.addColumns(other, TableRulesTest.columns("c"));
    store.advance(Duration.ofHours(30));
    table.addColumns(other, TableRulesTest.columns("d"));
    table.deleteOldVersions(100);

    Unreferenced found = table.unreferenced(100);
    assertThat(found.afterFence()).hasSize(2);
    assertThat(found.removable()).allMatch(o -> o.key().endsWith(".avro"));
    table.fenceAll(table.load());
    assertCode(ErrorCode.FENCED, () -> table.rewrite(state, rewrite));
    assertCode(ErrorCode.FENCED, () -> table.commit(state, late));
    store.advance(Duration.ofHours(30));
    commitsWithin(2, 2);
    clean();
    assertThat(dataKeys())
        .containsExactlyInAnyOrderElementsOf(
            table.files(table.load()).stream().map(DataFileInfo::key).toList());
  }

  private TableState commits(int count) throws Exception {
    TableState state = table.load();
    for (int i = 0; i < count; i++) {
      state =
          table.commit(state, records.commit(state, TestRecords.records(0, i * 10L, i * 10L + 4)));
    }
    return state;
  }

  private void commitsWithin(int count, int hours) throws Exception {
    TableState state = table.load();
    long rows = 1000 + state.generation() * 10;
    for (int i = 0; i < count; i++) {
      store.advance(Duration.ofHours(hours).dividedBy(count));
      state =
          table.commit(
              state, records.commit(state, TestRecords.records(1, rows + i * 10, rows + i * 10)));
    }
  }

  private void clean() {
    table.deleteOldVersions(1000);
    table.unreferenced(10_000).removable().forEach(o -> assertThat(table.remove(o)).isTrue());
  }

  /** All files of the state as one. */
  private FileRewrite merged(TableState state) throws Exception {
    List<DataFileInfo> files = table.files(state);
    List<FileSums> sums = files.stream().map(table::sums).toList();
    List<StreamRecord> rows = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      rows.addAll(TestRecords.records(0, i * 10L, i * 10L + 4));
    }
    NewDataFile file =
        records.write(DAY, rows, new FileSums(RewriteRules.merge(sums), List.of()), state.schema());
    return new FileRewrite(files, List.of(file));
  }

  private ObjectStore before(String version, AThrowing action) {
    return new ForwardingStore(store) {
      private Optional<AThrowing> once = Optional.of(action);

      @Override
      public CreateOutcome createIfAbsent(String key, byte[] content) {
        if (key.endsWith(version + ".metadata.json") && once.isPresent()) {
          Optional<AThrowing> run = once;
          once = Optional.empty();
          try {
            run.get().run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
        return super.createIfAbsent(key, content);
      }
    };
  }

  private List<ObjectInfo> objects() {
    List<ObjectInfo> all = new ArrayList<>();
    store.list("orders/").forEach(all::add);
    return all;
  }

  private List<String> dataKeys() {
    return objects().stream().map(ObjectInfo::key).filter(k -> k.contains("/data/")).toList();
  }

  private static void assertCode(ErrorCode code, AThrowing action) {
    WatershedException e = catchThrowableOfType(WatershedException.class, () -> action.run());
    assertThat(e).isNotNull();
    assertThat(e.code()).isEqualTo(code);
  }

  private interface AThrowing {
    void run() throws Exception;
  }
}
