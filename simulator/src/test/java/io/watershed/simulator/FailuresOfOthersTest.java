package io.watershed.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.ArchiveMode;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.Sleeper;
import io.watershed.simulator.ArchiverFleet.Archiver;
import io.watershed.simulator.SimulatedStore.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that broke other archivers, as they would happen to ours. */
final class FailuresOfOthersTest {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @TempDir Path scratch;

  /** Iceberg #17340: a commit whose answer was lost was sent again, and its files counted twice. */
  @Test
  void filesOfACommitWithoutAnAnswerAreNotCommittedAgain() {
    try (Scenario scenario = new Scenario(scratch, 2)) {
      Archiver archiver = scenario.start();
      scenario.runFor(A_MINUTE);
      scenario.put(20);
      Scenario.atNextCommit(
          archiver,
          Moment.AFTER,
          () -> {
            throw new WatershedException(ErrorCode.STORE, "No answer", "Simulated.");
          });
      scenario.runFor(A_MINUTE);
      scenario.put(20);
      scenario.runFor(A_MINUTE);

      assertThat(scenario.verdict()).isEmpty();
    }
  }

  /** Iceberg #16282: at a switch-over the old and the new writer both committed what was read. */
  @Test
  void whoTakesOverDoesNotRepeatWhatTheOtherIsCommitting() {
    try (Scenario scenario = new Scenario(scratch, 2)) {
      Archiver old = scenario.start();
      scenario.runFor(A_MINUTE);
      scenario.put(30);
      Scenario.atNextCommit(old, Moment.BEFORE, () -> old.process().sleepFor(A_MINUTE));
      scenario.runFor(Duration.ofSeconds(20));
      assertThat(old.process().isAsleep()).isTrue();
      scenario.start();
      scenario.runFor(Duration.ofMinutes(3));
      scenario.put(10);
      scenario.runFor(A_MINUTE);

      assertThat(scenario.verdict()).isEmpty();
    }
  }

  /** Iceberg #17551: a zombie that woke up after hours moved the offsets, and records were lost. */
  @Test
  void aZombieThatWakesUpAfterHoursMovesNoCheckpoint() {
    try (Scenario scenario = new Scenario(scratch, 2)) {
      Archiver zombie = scenario.start();
      scenario.runFor(A_MINUTE);
      scenario.put(30);
      Scenario.atNextCommit(
          zombie, Moment.BEFORE, () -> zombie.process().sleepFor(Duration.ofHours(2)));
      scenario.runFor(Duration.ofSeconds(20));
      Archiver other = scenario.start();
      for (int hour = 0; hour < 2; hour++) {
        scenario.put(10);
        scenario.runFor(Duration.ofHours(1));
      }
      long generation = scenario.state().generation();
      zombie.process().wake();
      scenario.runFor(Duration.ofMinutes(10));

      assertThat(other.process().isDead()).isFalse();
      assertThat(scenario.state().generation()).isGreaterThanOrEqualTo(generation);
      assertThat(scenario.verdict()).isEmpty();
    }
  }

  /** Lenses' connector: writers of one key's shards ran ahead of each other through a reshard. */
  @Test
  void aKeysRecordsKeepTheirOrderThroughSplitsAndMerges() {
    try (Scenario scenario = new Scenario(scratch, 1)) {
      scenario.start();
      scenario.runFor(A_MINUTE);
      for (int round = 0; round < 4; round++) {
        scenario.put(15);
        var open = scenario.kinesis.newest().openShards();
        if (round % 2 == 0) {
          open.forEach(scenario.kinesis.newest()::split);
        } else {
          scenario.kinesis.newest().merge(open.get(0), open.get(1));
        }
        scenario.put(15);
        scenario.runFor(Duration.ofSeconds(25));
      }

      assertThat(scenario.verdict()).isEmpty();
      assertThat(scenario.state().checkpoints().values()).anyMatch(c -> c.after().isEnd());
    }
  }

  /** Of a closed shard the last records may come with "at the tip", and its end only after that. */
  @Test
  void aClosedShardIsReadOnToItsEndByARunThatStopsAtTips() {
    for (int run = 0; run < 8; run++) {
      try (Scenario scenario = new Scenario(scratch, 1)) {
        scenario.put(1 + run);
        scenario.kinesis.newest().split(scenario.kinesis.newest().openShards().get(0));
        scenario.put(10);
        Archiver once = scenario.fleet.start(ArchiveMode.ONCE, (archiver, outcome) -> {});
        scenario.runFor(Duration.ofMinutes(5));

        assertThat(once.process().isDead()).as("it came to an end").isTrue();
        assertThat(scenario.verdict()).isEmpty();
      }
    }
  }

  /** A store that says yes to two writers of one object would let commits overwrite each other. */
  @Test
  void aStoreThatLiesAboutConditionalWritesIsRefused() {
    try (Scenario scenario = new Scenario(scratch, 1)) {
      SimulatedProcess process = new SimulatedProcess(scenario.world, "liar", Duration.ZERO);
      scenario.bucket.ignoreConditions();
      SimulatedStore liar = scenario.fleet.store(process);
      assertThat(liar.createIfAbsent("a", new byte[] {1})).isEqualTo(CreateOutcome.CREATED);
      assertThat(liar.createIfAbsent("a", new byte[] {2})).isEqualTo(CreateOutcome.CREATED);
      Random ids = new Random(1);
      try (Reservoir reservoir =
          new Reservoir(
              liar,
              ReservoirSettings.DEFAULTS,
              new Backoff(Duration.ZERO, Duration.ZERO, new Random(1), Sleeper.NONE),
              () -> new UUID(ids.nextLong(), ids.nextLong()))) {
        assertThatThrownBy(() -> reservoir.createOrLoad("orders"))
            .isInstanceOfSatisfying(
                WatershedException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_NOT_CONDITIONAL));
      }
      assertThat(scenario.bucket.list("orders")).isEmpty();
    }
  }
}
