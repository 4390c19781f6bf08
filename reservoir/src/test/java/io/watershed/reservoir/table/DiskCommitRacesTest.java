package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.FaultyStore;
import io.watershed.reservoir.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class DiskCommitRacesTest extends CommitRaces {
  @Override
  ObjectStore store() {
    return new DiskStore(folder.resolve("reservoir"));
  }

  @Override
  int rounds() {
    return 40;
  }

  @Test
  void throughLostRequestsLostAnswersAndLateArrivalsEachRecordIsThereOnce() throws Exception {
    FaultyStore faulty = new FaultyStore(store(), new Random(42), 0.3);
    TestTables.created(store());
    int each = 4;
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int shard = i;
      writers.add(
          () -> {
            archive(TestTables.table(faulty), shard, each);
            return null;
          });
    }
    TestTables.together(writers);
    faulty.deliverAll();

    assertThat(faulty.everyFaultHappened()).as("the faults were real").isTrue();
    ArchiveTable table = TestTables.table(store());
    TableState end = table.load();
    assertThat(end.generation()).isEqualTo((long) WRITERS * each);
    for (int shard = 0; shard < WRITERS; shard++) {
      ShardCheckpoint checkpoint = end.checkpoints().get(TestRecords.shard(shard).key());
      assertThat(checkpoint.rows()).isEqualTo(each * 3L);
      assertThat(checkpoint.digest())
          .isEqualTo(TestRecords.digest(TestRecords.records(shard, 0, each * 3L - 1)));
    }
    long rows = (long) WRITERS * each * 3;
    assertThat(rowsAndDistinct(table.files(end))).containsExactly(rows, rows);
  }

  /** An archiver as it has to be: what it does not know, it asks the table. */
  private void archive(ArchiveTable table, int shard, int commits) throws Exception {
    int done = 0;
    while (done < commits) {
      try {
        TableState base = table.load();
        ShardCheckpoint last = base.checkpoints().get(TestRecords.shard(shard).key());
        done = last == null ? 0 : (int) last.rows() / 3;
        if (done < commits) {
          table.commit(
              base, records.commit(base, TestRecords.records(shard, done * 3L, done * 3L + 2)));
        }
      } catch (WatershedException e) {
        assertThat(e.code())
            .isIn(ErrorCode.FENCED, ErrorCode.COMMIT_STATE_UNKNOWN, ErrorCode.STORE);
      }
    }
  }
}
