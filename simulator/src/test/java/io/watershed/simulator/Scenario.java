package io.watershed.simulator;

import io.watershed.archive.ArchiveMode;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import io.watershed.simulator.ArchiverFleet.Archiver;
import io.watershed.simulator.SimulatedStore.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** A world in which only that fails what a test says. */
final class Scenario implements AutoCloseable {
  static final Duration RETENTION = Duration.ofHours(24);
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  final World world;
  final Bucket bucket;
  final SimulatedKinesis kinesis;
  final ArchiverFleet fleet;
  final List<StoredRecord> puts = new ArrayList<>();
  final List<String> findings = new ArrayList<>();
  private final Fibers fibers = new Fibers();
  private final Inspector inspector;
  private final ArchiveTable table;

  Scenario(Path scratch, int shards) {
    world = new World(1, START, FaultPlan.NONE, fibers);
    bucket = new Bucket(world);
    kinesis = new SimulatedKinesis(world, RETENTION, shards);
    ArchiverFleet.Settings settings =
        new ArchiverFleet.Settings(
            ArchiveSettings.DEFAULTS.withCommitInterval(Duration.ofSeconds(10)),
            ShardReadSettings.DEFAULTS,
            ReservoirSettings.DEFAULTS,
            64L << 20);
    fleet = new ArchiverFleet(world, kinesis, bucket, settings, scratch);
    SimulatedProcess looker = new SimulatedProcess(world, "inspector", Duration.ZERO);
    table = fleet.table(new SimulatedStore(bucket, looker, new Random(0), true), looker);
    inspector = new Inspector(world, kinesis, bucket, table, findings);
  }

  Archiver start() {
    return fleet.start(ArchiveMode.CONTINUOUS, (archiver, outcome) -> {});
  }

  void put(int count) {
    for (int i = 0; i < count; i++) {
      puts.add(
          kinesis
              .newest()
              .put("key-" + i % 7, LeanParquet.payload(0, puts.size()), puts.size(), false));
    }
  }

  void runFor(Duration howLong) {
    AtomicBoolean over = new AtomicBoolean();
    world.later(howLong, () -> over.set(true));
    while (!over.get()) {
      world.time().runNext();
      inspector.look();
    }
  }

  /** Does this once, at the archiver's next create of a metadata version. */
  static void atNextCommit(Archiver archiver, Moment moment, Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    archiver
        .store()
        .onRequest(
            (when, request, key) -> {
              boolean commit = request.equals("create") && key.endsWith(".metadata.json");
              if (commit && when == moment && done.compareAndSet(false, true)) {
                action.run();
                archiver.process().pause(Duration.ZERO);
                archiver.process().checkAlive();
              }
            });
  }

  TableState state() {
    return table.load();
  }

  /** Drains the stream with a last archiver, and judges. */
  List<String> verdict() {
    world.heal();
    fleet.alive().forEach(archiver -> archiver.run().stop());
    runFor(Duration.ofMinutes(1));
    fleet.start(ArchiveMode.ONCE, (archiver, outcome) -> {});
    runFor(Duration.ofMinutes(5));
    Instant first = inspector.firstCommitAt().orElse(Instant.MAX);
    new Judge(
            table,
            table.load(),
            new ArchivedRows(bucket),
            kinesis,
            first,
            Duration.ofMinutes(10),
            findings)
        .judge(puts, true);
    return findings;
  }

  @Override
  public void close() {
    fleet.alive().forEach(archiver -> archiver.process().exit());
    runFor(Duration.ofSeconds(1));
    fibers.close();
  }
}
