package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.stream.Incarnation;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of PROTOCOL 1 to 3, each in a run that breaks without it. */
class TableRulesTest {
  @TempDir Path folder;
  private ObjectStore store;
  private ArchiveTable table;
  private TestRecords records;

  @BeforeEach
  void open() throws Exception {
    store = new DiskStore(folder.resolve("reservoir"));
    table = TestTables.created(store);
    records = new TestRecords(folder);
  }

  @AfterEach
  void close() throws Exception {
    records.close();
  }

  // --- who may commit

  @Test
  void anArchiverThatSleptThroughAFenceIsFencedAndLeavesNoFile() throws Exception {
    TableState asleep = table.load();
    TableState after = table.fence(asleep);
    assertThat(after.generation()).isEqualTo(1);

    assertCode(ErrorCode.FENCED, () -> table.commit(asleep, commit(asleep, 0, 4)));
    assertCode(ErrorCode.FENCED, () -> table.addColumns(asleep, columns("late")));
    assertThat(store.list("orders/data/")).isEmpty();
    assertThat(table.load()).isEqualTo(after);
  }

  @Test
  void everyCheckpointChangeComesWithASnapshotThatCarriesTheGeneration() throws Exception {
    TableState state = table.commit(table.load(), commit(table.load(), 0, 4));
    state = table.addColumns(state, columns("a"));
    state = table.commit(state, checkpointOnly(state));
    table.fence(state);

    MetadataVersions versions = TestTables.versions(store);
    TableMetadata before = versions.read(1).orElseThrow();
    for (long v = 2; v <= versions.newest().orElseThrow(); v++) {
      TableMetadata now = versions.read(v).orElseThrow();
      if (!ours(now).equals(ours(before))) {
        assertThat(now.currentSnapshot()).isNotEqualTo(before.currentSnapshot());
        assertThat(now.currentSnapshot().summary())
            .containsEntry("watershed.generation", now.properties().get("watershed.generation"));
      }
      before = now;
    }
    assertThat(before.snapshots()).hasSize(3);
  }

  @Test
  void evenWithIcebergsOwnRetriesOnAZombieIsFencedByTheValidator() throws Exception {
    StoreTableOperations other = TestTables.operations(store);
    other.refresh();
    new BaseTable(other, "orders")
        .updateProperties()
        .set(TableProperties.COMMIT_NUM_RETRIES, "4")
        .set(TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "1")
        .commit();
    TableState base = table.load();
    ArchiveCommit late = commit(base, 0, 4);
    ArchiveTable slow = TestTables.table(before("v3.metadata.json", () -> table.fence(base)));

    assertCode(ErrorCode.FENCED, () -> slow.commit(base, late));
    assertThat(table.load().checkpoints()).isEmpty();
    assertThat(store.list("orders/data/")).isEmpty();
  }

  @Test
  void aCommitThatLosesToSomebodyWhoDidNotFenceItIsRepeated() throws Exception {
    TableState base = table.load();
    ArchiveTable slow =
        TestTables.table(
            before("v2.metadata.json", () -> table.addColumns(base, columns("meanwhile"))));
    TableState after = slow.commit(base, commit(base, 0, 4));
    assertThat(after.generation()).isOne();
    assertThat(after.schema().columns())
        .extracting(PayloadColumn::name)
        .containsExactly("meanwhile");
    assertThat(table.files(after)).hasSize(1);
  }

  // --- unknown outcomes

  @Test
  void aCommitWhoseAnswerIsLostIsFoundByItsId() throws Exception {
    TableState base = table.load();
    ArchiveTable cut =
        TestTables.table(answering("v2.metadata.json", ObjectStore.CreateOutcome.UNKNOWN, true));
    TableState after = cut.commit(base, commit(base, 0, 4));
    assertThat(after).isEqualTo(table.load());
    assertThat(after.generation()).isOne();
    assertThat(table.files(after)).hasSize(1);
    assertThat(TestTables.versions(store).hint()).hasValue(2);
  }

  @Test
  void aCommitThatMayStillLandIsUnknownAndKeepsItsFiles() throws Exception {
    TableState base = table.load();
    ArchiveTable cut =
        TestTables.table(answering("v2.metadata.json", ObjectStore.CreateOutcome.UNKNOWN, false));
    assertCode(ErrorCode.COMMIT_STATE_UNKNOWN, () -> cut.commit(base, commit(base, 0, 4)));
    assertThat(store.list("orders/data/")).hasSize(1);
    assertThat(store.list("orders/metadata/snap-")).as("its manifest list").hasSize(1);
  }

  @Test
  void aLostCommitIsFencedWhenItsNameIsTaken() throws Exception {
    TableState base = table.load();
    ArchiveTable cut =
        TestTables.table(
            new Hooked(store, (key, content) -> {}) {
              @Override
              public CreateOutcome createIfAbsent(String key, byte[] content) {
                if (key.endsWith("/v2.metadata.json")) {
                  table.fence(base);
                  return CreateOutcome.UNKNOWN;
                }
                return super.createIfAbsent(key, content);
              }
            });
    assertCode(ErrorCode.FENCED, () -> cut.commit(base, commit(base, 0, 4)));
    assertThat(store.list("orders/data/")).as("a definite loss").isEmpty();
  }

  @Test
  void whateverFailsAfterTheCreateTheFilesOfTheCommitStay() {
    for (int failing = 1; failing <= 16; failing++) {
      TableState base = table.load();
      int[] left = {Integer.MAX_VALUE};
      String name = "v" + (base.metadataVersion() + 1) + ".metadata.json";
      boolean answered = failing % 2 == 0;
      int countdown = (failing + 1) / 2;
      ArchiveTable cut =
          TestTables.table(
              new ForwardingStore(store) {
                @Override
                public CreateOutcome createIfAbsent(String key, byte[] content) {
                  CreateOutcome outcome = super.createIfAbsent(key, content);
                  if (key.endsWith("/" + name)) {
                    left[0] = countdown;
                    return answered ? outcome : CreateOutcome.UNKNOWN;
                  }
                  return outcome;
                }

                @Override
                public Optional<byte[]> get(String key, long maxBytes) {
                  fail();
                  return super.get(key, maxBytes);
                }

                @Override
                public Optional<ObjectInfo> stat(String key) {
                  fail();
                  return super.stat(key);
                }

                private void fail() {
                  if (left[0] != Integer.MAX_VALUE && --left[0] == 0) {
                    throw new WatershedException(ErrorCode.STORE, "cut", "again");
                  }
                }
              });
      try {
        cut.commit(base, commit(base, failing * 5L, failing * 5L + 4));
      } catch (WatershedException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_STATE_UNKNOWN);
      }
      TableState now = table.load();
      assertThat(now.generation()).as("it landed").isEqualTo(failing);
      assertThat(table.files(now))
          .hasSize(failing)
          .allSatisfy(file -> assertThat(store.stat(file.key())).isPresent());
    }
  }

  @Test
  void columnsWhoseAnswerIsLostAreFoundOrUnknown() {
    TableState base = table.load();
    ArchiveTable lost =
        TestTables.table(answering("v2.metadata.json", ObjectStore.CreateOutcome.UNKNOWN, false));
    assertCode(ErrorCode.COMMIT_STATE_UNKNOWN, () -> lost.addColumns(base, columns("a")));
    ArchiveTable landed =
        TestTables.table(answering("v2.metadata.json", ObjectStore.CreateOutcome.UNKNOWN, true));
    assertThat(landed.addColumns(base, columns("a")).schema().columns()).hasSize(1);
  }

  // --- versions that come back

  @Test
  void aVersionThatCameBackFromThePastIsTakenAwayAndItsWriterLoses() throws Exception {
    TableState base = table.load();
    ArchiveTable sleeper =
        TestTables.table(
            before(
                "v2.metadata.json",
                () -> {
                  fenceUntilVersion(9);
                  deleteVersions(1, 6);
                }));
    WatershedException loss =
        catchThrowableOfType(
            WatershedException.class, () -> sleeper.commit(base, commit(base, 0, 4)));
    assertThat(loss.code()).isIn(ErrorCode.FENCED, ErrorCode.COMMIT_STATE_UNKNOWN);
    assertThat(TestTables.versions(store).list())
        .extracting(MetadataVersions.Version::number)
        .containsExactly(7L, 8L, 9L);
    assertThat(TestTables.versions(store).hint()).hasValue(9);
    assertThat(table.load().generation()).isEqualTo(8);
  }

  @Test
  void aVersionThatCameBackOnTopOfAnotherOneIsNoticedToo() throws Exception {
    TableState base = table.load();
    byte[] v1 = store.get("orders/metadata/v1.metadata.json", 1 << 20).orElseThrow();
    ArchiveTable sleeper =
        TestTables.table(
            before(
                "v2.metadata.json",
                () -> {
                  fenceUntilVersion(9);
                  deleteVersions(1, 6);
                  store.createIfAbsent(
                      "orders/metadata/v1.metadata.json", v1); // somebody died half way
                }));
    WatershedException loss =
        catchThrowableOfType(
            WatershedException.class, () -> sleeper.commit(base, commit(base, 0, 4)));
    assertThat(loss.code()).isIn(ErrorCode.FENCED, ErrorCode.COMMIT_STATE_UNKNOWN);
    assertThat(TestTables.versions(store).exists(2)).isFalse();
    assertThat(table.load().generation()).isEqualTo(8);
  }

  @Test
  void aWinnerWhoSleptBeforeItLookedIsNotTakenAway() throws Exception {
    TableState base = table.load();
    ArchiveTable sleeper =
        TestTables.table(
            after(
                "v2.metadata.json",
                () -> {
                  fenceUntilVersion(5);
                  deleteVersions(1, 1);
                }));
    TableState state = sleeper.commit(base, commit(base, 0, 4));
    assertThat(state.generation()).isEqualTo(4);
    assertThat(TestTables.versions(store).exists(2)).isTrue();
    assertThat(table.files(table.load())).hasSize(1);
  }

  @Test
  void theLiveTableIsNeverTakenAwayEvenWhenItsBaseIsGone() throws Exception {
    TableState base = table.load();
    ArchiveTable odd = TestTables.table(after("v2.metadata.json", () -> deleteVersions(1, 1)));
    TableState state = odd.commit(base, commit(base, 0, 4));
    assertThat(state).isEqualTo(table.load());
    assertThat(state.generation()).isOne();
  }

  // --- finding the newest version

  @Test
  void theHintMayLagBeMissingOrPointAtNothingAndTheNextCommitRepairsIt() throws Exception {
    fenceUntilVersion(5);
    for (Optional<String> hint :
        List.of(Optional.of("2"), Optional.of("999"), Optional.of("x"), Optional.<String>empty())) {
      if (hint.isPresent()) {
        store.put("orders/metadata/version-hint.text", hint.get().getBytes(StandardCharsets.UTF_8));
      } else {
        store.delete("orders/metadata/version-hint.text");
      }
      TableState state = TestTables.table(store).load();
      assertThat(state.metadataVersion())
          .as("hint %s", hint)
          .isEqualTo(TestTables.versions(store).newestListed().orElseThrow());
      TableState next = table.fence(state);
      assertThat(TestTables.versions(store).hint()).hasValue(next.metadataVersion());
    }
  }

  @Test
  void theHintIsNeverLowered() throws Exception {
    fenceUntilVersion(5);
    TestTables.versions(store).raiseHint(3, OptionalLong.of(5));
    assertThat(TestTables.versions(store).hint()).hasValue(5);
  }

  @Test
  void aReaderWhoseHintedVersionIsGoneLists() throws Exception {
    fenceUntilVersion(5);
    store.put("orders/metadata/version-hint.text", "2".getBytes(StandardCharsets.UTF_8));
    deleteVersions(1, 3);
    assertThat(TestTables.table(store).load().metadataVersion()).isEqualTo(5);
  }

  // --- other tools

  @Test
  void anAppendByAnotherToolIsRefusedUntilRepaired() throws Exception {
    TableState ours = table.commit(table.load(), commit(table.load(), 0, 4));
    StoreTableOperations other = TestTables.operations(store);
    other.refresh();
    new BaseTable(other, "orders").newAppend().commit();

    assertCode(ErrorCode.FOREIGN_SNAPSHOT, () -> table.load());
    assertCode(ErrorCode.FOREIGN_SNAPSHOT, () -> table.commit(ours, checkpointOnly(ours)));
    assertCode(ErrorCode.FOREIGN_SNAPSHOT, () -> table.addColumns(ours, columns("a")));

    TableState repaired = table.repair();
    assertThat(repaired.snapshotId()).isEqualTo(ours.snapshotId());
    assertThat(table.commit(repaired, checkpointOnly(repaired)).generation()).isEqualTo(2);
  }

  @Test
  void aRollbackByAnotherToolIsRefusedUntilRepaired() throws Exception {
    TableState first = table.commit(table.load(), commit(table.load(), 0, 4));
    TableState second = table.commit(first, commit(first, 5, 9));
    StoreTableOperations other = TestTables.operations(store);
    other.refresh();
    new BaseTable(other, "orders")
        .manageSnapshots()
        .rollbackTo(first.snapshotId().orElseThrow())
        .commit();

    assertCode(ErrorCode.FOREIGN_SNAPSHOT, () -> table.load());
    assertThat(table.repair().snapshotId()).isEqualTo(second.snapshotId());
    assertThat(table.files(table.load())).hasSize(2);
  }

  // --- identity

  @Test
  void twoArnsWithOneIdAreRefused() {
    TableState state = table.load();
    Incarnation twin =
        new Incarnation(
            "arn:aws:kinesis:eu-west-1:111111111111:stream/orders", TestRecords.ORDERS.createdAt());
    TableState after =
        table.commit(state, new ArchiveCommit(TestRecords.ORDERS, List.of(), List.of(), List.of()));
    assertThat(twin.id()).isEqualTo(TestRecords.ORDERS.id());
    assertCode(
        ErrorCode.INTEGRITY,
        () -> table.commit(after, new ArchiveCommit(twin, List.of(), List.of(), List.of())));
  }

  @Test
  void aStreamThatWasMadeAgainIsAnotherIncarnationInTheSameTable() {
    TableState one =
        table.commit(
            table.load(), new ArchiveCommit(TestRecords.ORDERS, List.of(), List.of(), List.of()));
    Incarnation again =
        new Incarnation(TestRecords.ORDERS.arn(), TestRecords.ORDERS.createdAt().plusSeconds(60));
    TableState two = table.commit(one, new ArchiveCommit(again, List.of(), List.of(), List.of()));
    assertThat(two.incarnations()).containsExactly(TestRecords.ORDERS, again);
  }

  // --- bookkeeping

  @Test
  void aCheckpointThatGoesBackIsRefused() throws Exception {
    TableState first = table.commit(table.load(), commit(table.load(), 0, 4));
    ShardCheckpoint last = first.checkpoints().values().iterator().next();
    for (ShardCheckpoint worse :
        List.of(
            with(last, new After.Start(), last.completeThrough(), last.skipped()),
            with(
                last,
                new After.At(TestRecords.position(1)),
                last.completeThrough(),
                last.skipped()),
            with(last, last.after(), Optional.empty(), last.skipped()),
            with(
                last,
                last.after(),
                last.completeThrough().map(t -> t.minusMillis(1)),
                last.skipped()))) {
      assertCode(
          ErrorCode.INTEGRITY,
          () ->
              table.commit(
                  first,
                  new ArchiveCommit(TestRecords.ORDERS, List.of(), List.of(worse), List.of())));
    }
    TableState ended =
        table.commit(
            first,
            new ArchiveCommit(
                TestRecords.ORDERS,
                List.of(),
                List.of(
                    with(
                        last,
                        new After.End(last.after().lastPosition()),
                        last.completeThrough(),
                        0)),
                List.of()));
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                ended, new ArchiveCommit(TestRecords.ORDERS, List.of(), List.of(last), List.of())));
  }

  @Test
  void filesThatContradictTheirCheckpointAreRefusedBeforeTheUpload() throws Exception {
    TableState base = table.load();
    ArchiveCommit good = commit(base, 0, 4);
    ShardCheckpoint right = good.checkpoints().get(0);
    ShardCheckpoint oneMore =
        new ShardCheckpoint(
            right.shard(),
            right.after(),
            right.completeThrough(),
            right.rows() + 1,
            0,
            right.digest());
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                base,
                new ArchiveCommit(TestRecords.ORDERS, good.files(), List.of(oneMore), List.of())));
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                base, new ArchiveCommit(TestRecords.ORDERS, good.files(), List.of(), List.of())));
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                base,
                new ArchiveCommit(TestRecords.ORDERS, List.of(), good.checkpoints(), List.of())));
    NewDataFile file = good.files().get(0);
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                base,
                new ArchiveCommit(
                    TestRecords.ORDERS,
                    List.of(new NewDataFile(file.file(), file.day().plusDays(1), file.rows())),
                    good.checkpoints(),
                    List.of())));
    assertCode(
        ErrorCode.INTEGRITY,
        () ->
            table.commit(
                base,
                new ArchiveCommit(
                    TestRecords.ORDERS,
                    List.of(new NewDataFile(file.file(), file.day(), 99)),
                    good.checkpoints(),
                    List.of())));
    assertThat(store.list("orders/data/")).isEmpty();
    assertThat(table.commit(base, good).generation()).isOne();
  }

  // --- columns

  @Test
  void columnsAreAddedWithTheirPathsTypesAndIds() throws Exception {
    PayloadColumn city = new PayloadColumn("city", ColumnType.TEXT, "city", 0, List.of());
    PayloadColumn zip =
        new PayloadColumn("Zip \"code\"", ColumnType.LONG, "Zip__code_", 0, List.of());
    PayloadColumn customer =
        new PayloadColumn("customer", ColumnType.STRUCT, "customer", 0, List.of(city));
    PayloadColumn amount = new PayloadColumn("amount", ColumnType.DOUBLE, "amount", 0, List.of());
    TableState one = table.addColumns(table.load(), new PayloadSchema(List.of(customer, amount)));
    PayloadColumn grown =
        new PayloadColumn("customer", ColumnType.STRUCT, "customer", 0, List.of(city, zip));
    PayloadColumn sibling =
        new PayloadColumn("amount", ColumnType.TEXT, "amount__text", 0, List.of());
    TableState two = table.addColumns(one, new PayloadSchema(List.of(grown, amount, sibling)));

    assertThat(two.generation()).as("no checkpoint changed").isZero();
    assertThat(two.schema().columns())
        .extracting(PayloadColumn::name)
        .containsExactly("customer", "amount", "amount__text");
    assertThat(two.schema().columns().get(0).children())
        .extracting(PayloadColumn::key)
        .containsExactly("city", "Zip \"code\"");
    List<Integer> ids = new ArrayList<>();
    two.schema()
        .columns()
        .forEach(
            c -> {
              ids.add(c.fieldId());
              c.children().forEach(child -> ids.add(child.fieldId()));
            });
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 13);
    assertThat(two.schema().columns().get(0).fieldId())
        .isEqualTo(one.schema().columns().get(0).fieldId());
    assertThat(table.addColumns(two, two.schema()).metadataVersion())
        .as("nothing to add")
        .isEqualTo(two.metadataVersion());

    TableState three = table.commit(two, commit(two, 0, 4));
    assertThat(table.files(three).get(0).columns())
        .contains("customer", "amount", "amount__text", "_payload");
  }

  @Test
  void aColumnNameThatIsTakenInAnyCaseIsRefused() {
    TableState state = table.addColumns(table.load(), columns("id"));
    assertCode(
        ErrorCode.INVALID_INPUT,
        () ->
            table.addColumns(
                state,
                new PayloadSchema(
                    List.of(new PayloadColumn("ID", ColumnType.LONG, "ID", 0, List.of())))));
    assertCode(ErrorCode.INVALID_INPUT, () -> table.addColumns(state, columns("_payload")));
    assertCode(ErrorCode.INVALID_INPUT, () -> table.addColumns(state, columns("a.b")));
  }

  // --- growth

  @Test
  void theMetadataKeepsABoundedNumberOfSnapshots() {
    var few =
        new io.watershed.core.config.ReservoirSettings(
            1,
            Duration.ofSeconds(1),
            3,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            1 << 24,
            5,
            3,
            4,
            4,
            Duration.ofHours(24));
    ArchiveTable small = TestTables.table(store, few);
    TableState state = small.load();
    TableState third = null;
    for (int i = 0; i < 20; i++) {
      state = small.fence(state);
      third = i == 2 ? state : third;
    }
    TableMetadata now = TestTables.versions(store).read(state.metadataVersion()).orElseThrow();
    assertThat(now.snapshots().size()).isBetween(5, 8);
    assertThat(small.files(third)).as("a reader of an older version still reads").isEmpty();
  }

  @Test
  void aCommitTakesAsManyRequestsLateAsEarly() {
    int[] requests = {0};
    ObjectStore counting = counting(requests);
    ArchiveTable counted = TestTables.table(counting);
    TableState state = counted.load();
    requests[0] = 0;
    state = counted.commit(state, commit(state, 0, 4));
    int early = requests[0];
    for (int i = 1; i < 30; i++) {
      state = counted.commit(state, commit(state, i * 5L, i * 5L + 4));
    }
    requests[0] = 0;
    counted.commit(state, commit(state, 500, 504));
    assertThat(early).isLessThanOrEqualTo(14);
    assertThat(requests[0]).isLessThanOrEqualTo(early + 2);
  }

  @Test
  void versionsAreDeletedOnlyWhenTheNextOneIsADayOldLowestFirst() throws Exception {
    fenceUntilVersion(6);
    Instant now = Instant.now();
    age(1, now.minus(Duration.ofHours(200)));
    age(2, now.minus(Duration.ofHours(100)));
    age(3, now.minus(Duration.ofHours(30)));
    age(4, now.minus(Duration.ofHours(23)));
    age(5, now.minus(Duration.ofHours(22)));
    age(6, now);
    assertThat(table.deleteOldVersions(1)).isOne();
    assertThat(numbers()).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(table.deleteOldVersions(100)).isOne();
    assertThat(numbers()).as("4 is 23 hours old, so 3 stays").containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void noVersionAtOrAboveTheHintIsDeleted() throws Exception {
    fenceUntilVersion(4);
    for (int v = 1; v <= 3; v++) {
      age(v, Instant.now().minus(Duration.ofHours(100)));
    }
    store.put("orders/metadata/version-hint.text", "2".getBytes(StandardCharsets.UTF_8));
    table.deleteOldVersions(100);
    assertThat(numbers()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void aVersionThatDoesNotGoStopsTheDeletion() throws Exception {
    fenceUntilVersion(5);
    for (int v = 1; v <= 4; v++) {
      age(v, Instant.now().minus(Duration.ofHours(100)));
    }
    ArchiveTable stubborn =
        TestTables.table(
            new ForwardingStore(store) {
              @Override
              public void delete(String key) {}
            });
    assertThat(stubborn.deleteOldVersions(100)).isZero();
    assertThat(numbers()).hasSize(5);
  }

  @Test
  void aFolderThatWasCopiedElsewhereIsStillRead() throws Exception {
    TableState state = table.commit(table.load(), commit(table.load(), 0, 4));
    Path copy = folder.resolve("copy");
    try (var paths = Files.walk(folder.resolve("reservoir"))) {
      for (Path path : paths.toList()) {
        Path target = copy.resolve(folder.resolve("reservoir").relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    try (var paths =
        Files.walk(folder.resolve("reservoir")).sorted(java.util.Comparator.reverseOrder())) {
      for (Path path : paths.toList()) {
        Files.delete(path);
      }
    }
    ArchiveTable moved = TestTables.table(new DiskStore(copy));
    assertThat(moved.load()).isEqualTo(state);
    assertThat(moved.sums(moved.files(moved.load()).get(0)).shards()).hasSize(1);
    assertThat(moved.fence(moved.load()).generation()).isEqualTo(2);
  }

  // --- words

  private ArchiveCommit commit(TableState base, long first, long last) {
    try {
      return records.commit(base, TestRecords.records(0, first, last));
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ArchiveCommit checkpointOnly(TableState base) {
    ShardCheckpoint last = base.checkpoints().get(TestRecords.shard(0).key());
    return new ArchiveCommit(
        TestRecords.ORDERS,
        List.of(),
        List.of(
            with(
                last,
                last.after(),
                last.completeThrough().map(t -> t.plusSeconds(1)),
                last.skipped())),
        List.of());
  }

  private static ShardCheckpoint with(
      ShardCheckpoint last, After after, Optional<Instant> complete, long skipped) {
    return new ShardCheckpoint(last.shard(), after, complete, last.rows(), skipped, last.digest());
  }

  static PayloadSchema columns(String name) {
    return new PayloadSchema(List.of(new PayloadColumn(name, ColumnType.LONG, name, 0, List.of())));
  }

  private static Map<String, String> ours(TableMetadata metadata) {
    return metadata.properties().entrySet().stream()
        .filter(e -> e.getKey().startsWith("watershed."))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private void fenceUntilVersion(long version) {
    ArchiveTable another = TestTables.table(store);
    for (TableState state = another.load(); state.metadataVersion() < version; ) {
      state = another.fence(state);
    }
  }

  private void deleteVersions(long first, long last) {
    for (long v = first; v <= last; v++) {
      TestTables.versions(store).delete(v);
    }
  }

  private List<Long> numbers() {
    return TestTables.versions(store).list().stream()
        .map(MetadataVersions.Version::number)
        .toList();
  }

  private void age(long version, Instant time) throws Exception {
    Files.setLastModifiedTime(
        store.localPath(TestTables.versions(store).key(version)).orElseThrow(),
        FileTime.from(time));
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.hint()).isNotEmpty();
            });
  }

  private ObjectStore counting(int[] requests) {
    return (ObjectStore)
        java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("root")) {
                requests[0]++;
              }
              return method.invoke(store, arguments);
            });
  }

  private ObjectStore before(String name, Runnable action) {
    return new Hooked(store, once(name, action));
  }

  private ObjectStore after(String name, Runnable action) {
    BiConsumer<String, byte[]> hook = once(name, action);
    return new ForwardingStore(store) {
      @Override
      public CreateOutcome createIfAbsent(String key, byte[] content) {
        CreateOutcome outcome = super.createIfAbsent(key, content);
        hook.accept(key, content);
        return outcome;
      }
    };
  }

  private ObjectStore answering(String name, ObjectStore.CreateOutcome answer, boolean created) {
    return new ForwardingStore(store) {
      @Override
      public CreateOutcome createIfAbsent(String key, byte[] content) {
        if (!key.endsWith("/" + name)) {
          return super.createIfAbsent(key, content);
        }
        if (created) {
          super.createIfAbsent(key, content);
        }
        return answer;
      }
    };
  }

  private static BiConsumer<String, byte[]> once(String name, Runnable action) {
    boolean[] done = {false};
    return (key, content) -> {
      if (key.endsWith("/" + name) && !done[0]) {
        done[0] = true;
        action.run();
      }
    };
  }

  /** Does something just before a create. */
  private static class Hooked extends ForwardingStore {
    private final BiConsumer<String, byte[]> hook;

    Hooked(ObjectStore store, BiConsumer<String, byte[]> hook) {
      super(store);
      this.hook = hook;
    }

    @Override
    public CreateOutcome createIfAbsent(String key, byte[] content) {
      hook.accept(key, content);
      return super.createIfAbsent(key, content);
    }
  }
}
