package io.watershed.simulator;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import io.watershed.simulator.ArchiverFleet.Archiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run: some minutes of trouble, then everything heals, an archiver drains the stream, and the
 * judge looks. An hour here stands for a day or two: retention, the age of old versions and the
 * clocks' slack are scaled alike.
 */
final class Simulation {
  private static final Instant START = Instant.parse("2026-11-20T23:50:00Z");
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);
  private static final long MOST_TIMERS = 2_000_000;

  private final long seed;
  private final Path scratch;
  private final World world;
  private final Random random;
  private final Duration retention;
  private final Duration length;
  private final List<String> findings = new ArrayList<>();

  Simulation(long seed, Fibers fibers, Path scratch) {
    this.seed = seed;
    this.scratch = scratch;
    Random plan = new Random(seed ^ 0x5DEECE66DL);
    this.retention = Duration.ofMinutes(8 + plan.nextInt(25));
    this.length = Duration.ofMinutes(5 + plan.nextInt(12));
    this.world = new World(seed, START, FaultPlan.of(plan, retention), fibers);
    this.random = world.random();
  }

  SeedResult run() {
    Bucket bucket = new Bucket(world);
    SimulatedKinesis kinesis = new SimulatedKinesis(world, retention, 1 + random.nextInt(4));
    ArchiverFleet fleet = new ArchiverFleet(world, kinesis, bucket, settings(), scratch);
    ArchivedRows rows = new ArchivedRows(bucket);
    SimulatedProcess looker = new SimulatedProcess(world, "inspector", Duration.ZERO);
    SimulatedStore truth = new SimulatedStore(bucket, looker, new Random(0), true);
    ArchiveTable table = fleet.table(truth, looker);
    Inspector inspector = new Inspector(world, kinesis, bucket, table, findings);
    Producer producer =
        new Producer(
            world, kinesis, inspector::isArchived, Duration.ofSeconds(4 + random.nextInt(20)));
    Nemesis nemesis = new Nemesis(world, kinesis, fleet, inspector::isBegun);
    CutReader reader = reader(fleet, rows);
    StatementReader statements = statements(kinesis, fleet, rows, inspector);
    ReplaySide replays =
        new ReplaySide(world, kinesis, fleet, rows, producer, inspector::isArchived, findings);
    producer.start();
    nemesis.start();
    replays.start();
    reader.start();
    statements.start();
    runFor(length, inspector);

    producer.stop();
    nemesis.stop();
    reader.stop();
    statements.stop();
    replays.stop();
    world.heal();
    finish(replays, inspector);
    drain(kinesis, fleet, inspector);
    kinesis.incarnations().forEach(SimulatedStream::trim);
    TableState state = judge(kinesis, rows, table, inspector, producer, nemesis, reader);
    fleet.alive().forEach(archiver -> archiver.process().exit());
    runFor(Duration.ofSeconds(1), inspector);
    // Whoever waits for an answer that comes late goes on waiting for a while.
    for (int minutes = 0; statements.isBusy(); minutes++) {
      if (minutes == 20) {
        find("a statement does not end");
        break;
      }
      runFor(Duration.ofMinutes(1), inspector);
    }
    int superseded = replays.judge(truth);
    Trace trace = world.trace();
    return new SeedResult(
        seed,
        producer.puts().size(),
        state == null ? 0 : state.generation(),
        fleet.started(),
        state == null ? 0 : state.gaps().size(),
        replays.finished(),
        superseded,
        trace.events(),
        trace.digest(),
        Duration.between(START, world.now()),
        findings,
        findings.isEmpty() ? List.of() : trace.last());
  }

  private ArchiverFleet.Settings settings() {
    ArchiveSettings archive =
        ArchiveSettings.DEFAULTS
            .withCommitInterval(Duration.ofSeconds(10 + random.nextInt(80)))
            .withCommitBytes(random.nextInt(3) == 0 ? 4_000 : 1 << 20)
            .withListInterval(Duration.ofSeconds(10 + random.nextInt(50)))
            .withPollInterval(Duration.ofSeconds(2 + random.nextInt(10)))
            .withMaxDaysPerCommit(random.nextInt(2) == 0 ? 1 : 31)
            .withFence(3, Duration.ofMinutes(5), Duration.ofSeconds(10))
            .withRetry(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(4));
    ShardReadSettings reading =
        new ShardReadSettings(
            4,
            1 + random.nextInt(100),
            Duration.ofSeconds(1),
            archive.pace().pollInterval(),
            25,
            CLOCK_SLACK,
            new RetrySettings(
                10, Duration.ofMinutes(2), Duration.ofMillis(200), Duration.ofSeconds(10)));
    ReservoirSettings reservoir =
        new ReservoirSettings(
            8,
            Duration.ofMinutes(2),
            10,
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            64L << 20,
            random.nextInt(2) == 0 ? 4 : 20,
            2,
            random.nextInt(2) == 0 ? 2 : 100,
            random.nextInt(2) == 0 ? 1 : 100,
            Duration.ofMinutes(5));
    return new ArchiverFleet.Settings(
        archive, reading, reservoir, random.nextInt(3) == 0 ? 64_000 : 64L << 20);
  }

  private CutReader reader(ArchiverFleet fleet, ArchivedRows rows) {
    SimulatedProcess process = fleet.process("reader").immortal();
    return new CutReader(process, fleet.table(fleet.store(process), process), rows, findings);
  }

  private StatementReader statements(
      SimulatedKinesis kinesis, ArchiverFleet fleet, ArchivedRows rows, Inspector inspector) {
    SimulatedProcess process = fleet.process("asker").immortal();
    SimulatedStore store = fleet.store(process);
    Random sources = world.random();
    StatementSide side =
        new StatementSide(
            process,
            store,
            fleet.table(store, process),
            () -> new SimulatedSource(kinesis, process, new Random(sources.nextLong())),
            rows,
            world.random());
    return new StatementReader(
        process, side, new StatementJudge(kinesis, inspector::firstCommitAt), findings);
  }

  private void runFor(Duration howLong, Inspector inspector) {
    Instant end = world.now().plus(howLong);
    AtomicBoolean over = new AtomicBoolean();
    world.later(howLong, () -> over.set(true));
    runUntil(over, inspector, "the end of " + end);
  }

  private boolean runUntil(AtomicBoolean over, Inspector inspector, String what) {
    for (long timers = 0; !over.get(); timers++) {
      if (timers > MOST_TIMERS || !world.time().runNext()) {
        find("stuck before " + what);
        return false;
      }
      inspector.look();
    }
    return true;
  }

  /** What was begun to be replayed is, by somebody. */
  private void finish(ReplaySide replays, Inspector inspector) {
    for (int tries = 0; replays.isBusy(); tries++) {
      if (tries == 80) {
        find("a replay does not come to its end");
        return;
      }
      replays.goOn();
      runFor(Duration.ofSeconds(15), inspector);
    }
  }

  /** Zombies wake, everybody who runs stops in peace, and a last archiver drains the stream. */
  private void drain(SimulatedKinesis kinesis, ArchiverFleet fleet, Inspector inspector) {
    if (kinesis.newest().isDeleted()) {
      runFor(Duration.ofMinutes(2), inspector);
    }
    fleet.alive().forEach(archiver -> archiver.process().wake());
    runFor(Duration.ofSeconds(90), inspector);
    fleet.alive().forEach(archiver -> archiver.run().stop());
    runFor(Duration.ofSeconds(30), inspector);
    for (Archiver left : fleet.alive()) {
      find(left.process().name() + " does not stop");
      left.process().crash();
    }
    AtomicBoolean over = new AtomicBoolean();
    List<StreamOutcome> outcomes = new ArrayList<>();
    Archiver last =
        fleet.start(
            ArchiveMode.ONCE,
            (archiver, result) -> {
              outcomes.add(result);
              over.set(true);
            });
    world.later(Duration.ofHours(1), () -> over.set(true));
    runUntil(over, inspector, "the last archiver's end");
    if (outcomes.isEmpty()) {
      find("the last archiver does not come to an end: " + last.run().status());
    }
    outcomes.stream()
        .flatMap(outcome -> outcome.failure().stream())
        .forEach(error -> find("the last archiver failed: " + error.getMessage()));
  }

  private @org.jspecify.annotations.Nullable TableState judge(
      SimulatedKinesis kinesis,
      ArchivedRows rows,
      ArchiveTable table,
      Inspector inspector,
      Producer producer,
      Nemesis nemesis,
      CutReader reader) {
    try {
      TableState state = table.load();
      Instant first = inspector.firstCommitAt().orElse(Instant.MAX);
      Duration whole = Duration.between(START, world.now());
      boolean mayHaveTrimmed =
          nemesis.mayHaveTrimmed() || whole.plus(CLOCK_SLACK).compareTo(retention) >= 0;
      new Judge(table, state, rows, kinesis, first, CLOCK_SLACK, findings)
          .judge(producer.puts(), mayHaveTrimmed);
      reader.repeatAll(table);
      if (!findings.isEmpty()) {
        state.gaps().stream().limit(20).forEach(gap -> world.say("judge", gap.toString()));
      }
      return state;
    } catch (WatershedException e) {
      find("the table cannot be read at the end: " + e.getMessage());
      return null;
    }
  }

  private void find(String what) {
    world.say("judge", what);
    findings.add(what);
  }
}
