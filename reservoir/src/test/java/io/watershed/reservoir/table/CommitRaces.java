package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What racing, slow and half-dead archivers must never do; one subclass a store. */
abstract class CommitRaces {
  static final int WRITERS = 8;

  @TempDir Path folder;
  TestRecords records;

  abstract ObjectStore store();

  /** Rounds of the longer tests: a store behind HTTP is slower. */
  abstract int rounds();

  @BeforeEach
  void openDuckDb() throws Exception {
    records = new TestRecords(folder);
  }

  @AfterEach
  void closeDuckDb() throws Exception {
    records.close();
  }

  @Test
  void eightRacingWritersLoseNoUpdate() throws Exception {
    TestTables.created(store());
    int each = Math.max(2, rounds() / 8);
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String name = "writer" + i;
      writers.add(
          () -> {
            ArchiveTable mine = TestTables.table(store());
            int fenced = 0;
            for (int commit = 0; commit < each; ) {
              TableState base = mine.load();
              try {
                mine.commit(base, countOne(base, name + "-" + commit));
                commit++;
              } catch (WatershedException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.FENCED);
                fenced++;
              }
            }
            return fenced;
          });
    }
    TestTables.together(writers);

    TableState end = TestTables.table(store()).load();
    int commits = WRITERS * each;
    assertThat(end.generation()).isEqualTo(commits);
    assertThat(end.checkpoints().get(TestRecords.shard(0).key()).skipped()).isEqualTo(commits);
    assertThat(end.gaps()).extracting(Gap::reason).doesNotHaveDuplicates().hasSize(commits);
  }

  @Test
  void ofTwoZombiesWithTheSameRecordsOneWinsEachRound() throws Exception {
    ArchiveTable table = TestTables.created(store());
    TableState state = table.load();
    for (int round = 0; round < rounds(); round++) {
      TableState base = state;
      List<StreamRecord> same = TestRecords.records(0, round * 3L, round * 3L + 2);
      List<Callable<Optional<TableState>>> zombies = new ArrayList<>();
      for (int zombie = 0; zombie < 2; zombie++) {
        ArchiveCommit commit = records.commit(base, same);
        ArchiveTable mine = TestTables.table(store());
        zombies.add(() -> tryCommit(mine, base, commit));
      }
      List<TableState> won =
          TestTables.together(zombies).stream().flatMap(Optional::stream).toList();
      assertThat(won).hasSize(1);
      state = won.get(0);
    }

    TableState end = TestTables.table(store()).load();
    assertThat(end.generation()).isEqualTo(rounds());
    List<DataFileInfo> files = table.files(end);
    assertThat(files).hasSize(rounds());
    assertThat(rowsAndDistinct(files)).containsExactly(rounds() * 3L, rounds() * 3L);
    assertThat(end.checkpoints().get(TestRecords.shard(0).key()).rows()).isEqualTo(rounds() * 3L);
    assertThat(store().list("orders/data/"))
        .as("the losers removed their files")
        .extracting(ObjectInfo::key)
        .containsExactlyInAnyOrderElementsOf(files.stream().map(DataFileInfo::key).toList());
  }

  private static Optional<TableState> tryCommit(
      ArchiveTable table, TableState base, ArchiveCommit commit) {
    try {
      return Optional.of(table.commit(base, commit));
    } catch (WatershedException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.FENCED);
      return Optional.empty();
    }
  }

  /** A checkpoint change without data: one more skipped record, and a gap as its signature. */
  private static ArchiveCommit countOne(TableState base, String signature) {
    ShardCheckpoint last =
        base.checkpoints()
            .getOrDefault(TestRecords.shard(0).key(), ShardCheckpoint.start(TestRecords.shard(0)));
    ShardCheckpoint next =
        new ShardCheckpoint(
            last.shard(),
            new After.At(TestRecords.position(last.skipped())),
            last.completeThrough(),
            last.rows(),
            last.skipped() + 1,
            last.digest());
    Gap gap =
        new Gap(
            last.key(), "START", Optional.empty(), Optional.empty(), signature, TestRecords.NOON);
    return new ArchiveCommit(TestRecords.ORDERS, List.of(), List.of(next), List.of(gap));
  }

  final List<Long> rowsAndDistinct(List<DataFileInfo> files) throws Exception {
    List<Path> local = new ArrayList<>();
    for (DataFileInfo file : files) {
      Path copy = folder.resolve("copy-" + local.size() + ".parquet");
      try (var in = store().open(file.key())) {
        Files.copy(in, copy);
      }
      local.add(copy);
    }
    assertThat(StreamSupport.stream(files.spliterator(), false).mapToLong(DataFileInfo::rows).sum())
        .isPositive();
    return records.rowsAndDistinct(local);
  }
}
