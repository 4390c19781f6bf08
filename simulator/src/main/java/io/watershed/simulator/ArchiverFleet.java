package io.watershed.simulator;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiverRun;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The archivers of one stream: each a process of its own, with its own way to stream and store. */
final class ArchiverFleet {
  private final World world;
  private final SimulatedKinesis kinesis;
  private final Bucket bucket;
  private final Settings settings;
  private final Path scratch;
  private final Random random;
  private final List<Archiver> alive = new ArrayList<>();
  private int started;

  /** The limits that archivers and tables run with. */
  record Settings(
      ArchiveSettings archive,
      ShardReadSettings reading,
      ReservoirSettings reservoir,
      long bufferBytes) {}

  /** Called when an archiver has ended by itself. */
  interface Ended {
    void ended(Archiver archiver, StreamOutcome outcome);
  }

  /** One archiver. */
  record Archiver(SimulatedProcess process, SimulatedStore store, ArchiverRun run) {}

  ArchiverFleet(
      World world, SimulatedKinesis kinesis, Bucket bucket, Settings settings, Path scratch) {
    this.world = world;
    this.kinesis = kinesis;
    this.bucket = bucket;
    this.settings = settings;
    this.scratch = scratch;
    this.random = world.random();
  }

  /** Those that have neither crashed nor ended. */
  List<Archiver> alive() {
    alive.removeIf(archiver -> archiver.process().isDead());
    return List.copyOf(alive);
  }

  /** How many were started so far. */
  int started() {
    return started;
  }

  Archiver start(ArchiveMode mode, Ended ended) {
    String name = "archiver-" + ++started;
    SimulatedProcess process = process(name);
    SimulatedStore store = store(process);
    ArchiverRun run =
        new ArchiverRun(
            new ArchiverRun.Surroundings(
                SimulatedStream.NAME,
                () -> new SimulatedSource(kinesis, process, new Random(random.nextLong())),
                () -> created(table(store, process)),
                new LeanParquet(),
                scratch,
                settings.archive(),
                settings.reading(),
                settings.bufferBytes(),
                process,
                process.blocking(),
                new Random(random.nextLong())));
    Archiver archiver = new Archiver(process, store, run);
    alive.add(archiver);
    world.say(name, "starts");
    var unused =
        run.start(mode)
            .thenAccept(
                outcome -> {
                  String how =
                      outcome
                          .failure()
                          .map(e -> e.code().text() + ": " + e.getMessage())
                          .orElse("well");
                  world.say(name, "ends: " + how);
                  process.exit();
                  ended.ended(archiver, outcome);
                });
    return archiver;
  }

  /** A process with a clock of its own. */
  SimulatedProcess process(String name) {
    long most = world.faults().clockError().toMillis();
    long error = most == 0 ? 0 : random.nextLong(2 * most + 1) - most;
    return new SimulatedProcess(world, name, Duration.ofMillis(error));
  }

  /** How shards are read. */
  ShardReadSettings reading() {
    return settings.reading();
  }

  /** A way to the bucket. */
  SimulatedStore store(SimulatedProcess process) {
    return new SimulatedStore(bucket, process, new Random(random.nextLong()));
  }

  /** The archive table as this process sees it. */
  ArchiveTable table(SimulatedStore store, SimulatedProcess process) {
    Random ids = new Random(random.nextLong());
    return new ArchiveTable(
        store,
        SimulatedStream.NAME,
        settings.reservoir(),
        new Backoff(
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            new Random(random.nextLong()),
            process::pause),
        () -> new UUID(ids.nextLong(), ids.nextLong()));
  }

  private static ArchiveTable created(ArchiveTable table) {
    table.create();
    return table;
  }
}
