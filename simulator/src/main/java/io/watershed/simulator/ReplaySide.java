package io.watershed.simulator;

import io.watershed.consumer.Envelope;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.kinesis.PutEntry;
import io.watershed.query.RecordSelection;
import io.watershed.replay.Delivery;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.SteppedReplay;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplays;
import io.watershed.reservoir.replays.SupersededRecord;
import io.watershed.reservoir.replays.SupersededRecords;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Replays of what is archived onto the stream itself, beside the archivers: processes that are
 * killed, sleep through their lease, lose answers and store, and are taken over by others, two of
 * them at once now and then. So every copy that comes back has to be recognised, too.
 */
final class ReplaySide {
  private static final Duration MEAN_PAUSE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(90);
  private static final int MOST_PLANS = 2;

  private static final ReplaySettings SETTINGS = ReplaySettings.DEFAULTS.withRecords(20, 100);

  /** What ends a run without being its fault. */
  private static final Set<ErrorCode> EXCUSES =
      EnumSet.of(
          ErrorCode.STORE,
          ErrorCode.NOT_FOUND,
          ErrorCode.STREAM_NOT_FOUND,
          ErrorCode.UNREACHABLE,
          ErrorCode.LIMIT,
          ErrorCode.FENCED);

  private final World world;
  private final SimulatedKinesis kinesis;
  private final ArchiverFleet fleet;
  private final ArchivedRows rows;
  private final Producer producer;
  private final Predicate<StreamRecord> isArchived;
  private final List<String> findings;
  private final Random random;
  private final List<ReplayedPlan> plans = new ArrayList<>();
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private boolean stopped;
  private int started;

  ReplaySide(
      World world,
      SimulatedKinesis kinesis,
      ArchiverFleet fleet,
      ArchivedRows rows,
      Producer producer,
      Predicate<StreamRecord> isArchived,
      List<String> findings) {
    this.world = world;
    this.kinesis = kinesis;
    this.fleet = fleet;
    this.rows = rows;
    this.producer = producer;
    this.isArchived = isArchived;
    this.findings = findings;
    this.random = world.random();
  }

  void start() {
    every(MEAN_PAUSE, this::watch);
    if (!world.faults().crashEvery().isZero()) {
      every(MEAN_PAUSE, () -> pick().ifPresent(SimulatedProcess::crash));
    }
    if (!world.faults().sleepEvery().isZero()) {
      every(
          MEAN_PAUSE,
          () -> pick().ifPresent(process -> process.sleepFor(World.upTo(random, LONGEST_SLEEP))));
    }
  }

  /** No new plans, no more trouble; what was begun is brought to its end. */
  void stop() {
    stopped = true;
    alive().forEach(SimulatedProcess::wake);
  }

  /** Whether a plan still has to come to its end, or a process of it. */
  boolean isBusy() {
    return !alive().isEmpty() || current().isPresent();
  }

  /** Starts the next process of what has to come to its end, if none runs. */
  void goOn() {
    if (alive().isEmpty() && current().isPresent()) {
      launch();
    }
  }

  /** Plans that were run to their end. */
  int finished() {
    return (int) plans.stream().filter(ReplayedPlan::isFinished).count();
  }

  /**
   * Says what is wrong with all of them.
   *
   * @return records that were left out as superseded
   */
  int judge(ObjectStore ledger) {
    int all = 0;
    for (ReplayedPlan plan : plans) {
      List<SupersededRecord> left = superseded(ledger, plan);
      all += left.size();
      world.say("replays", plan + ", " + left.size() + " superseded");
      plan.judge(left, producer.puts()).stream().distinct().limit(5).forEach(this::find);
    }
    return all;
  }

  private static List<SupersededRecord> superseded(ObjectStore ledger, ReplayedPlan plan) {
    String hash = plan.plan().hash();
    Optional<StoredReplay> stored = new StoredReplays(ledger).find(hash);
    List<SupersededRecord> left = new ArrayList<>();
    stored
        .flatMap(StoredReplay::progress)
        .ifPresent(
            progress ->
                new SupersededRecords(ledger, hash, stored.get().firstEpochOfRun())
                    .read(progress.superseded())
                    .forEachRemaining(left::add));
    return left;
  }

  private void every(Duration mean, Runnable action) {
    world.later(
        World.upTo(random, mean.multipliedBy(2)),
        () -> {
          if (!stopped) {
            action.run();
            every(mean, action);
          }
        });
  }

  /** Sees that somebody runs, and that sometimes two do. */
  private void watch() {
    int running = alive().size();
    if (running == 0 || (running == 1 && current().isPresent() && random.nextInt(3) == 0)) {
      launch();
    }
  }

  private List<SimulatedProcess> alive() {
    processes.removeIf(SimulatedProcess::isDead);
    return processes;
  }

  private Optional<SimulatedProcess> pick() {
    List<SimulatedProcess> alive = alive();
    return alive.isEmpty()
        ? Optional.empty()
        : Optional.of(alive.get(random.nextInt(alive.size())));
  }

  /** The plan that is not finished and still has its target. */
  private Optional<ReplayedPlan> current() {
    return plans.stream()
        .filter(plan -> !plan.isFinished())
        .filter(plan -> isPresent(plan.plan().to().incarnation()))
        .findFirst();
  }

  private boolean isPresent(String incarnation) {
    SimulatedStream newest = kinesis.newest();
    return !newest.isDeleted() && newest.incarnation().id().equals(incarnation);
  }

  private void launch() {
    if (kinesis.newest().isDeleted()) {
      return;
    }
    SimulatedProcess process = fleet.process("replayer-" + ++started);
    processes.add(process);
    process.blocking().execute(() -> work(process));
  }

  private void work(SimulatedProcess process) {
    try {
      SimulatedStore store = fleet.store(process);
      Optional<ReplayedPlan> plan = current();
      if (plan.isEmpty() && !stopped && plans.size() < MOST_PLANS) {
        plan = plan(fleet.table(store, process));
        plan.ifPresent(plans::add);
      }
      if (plan.isPresent()) {
        run(plan.get(), process, store);
      }
    } catch (WatershedException e) {
      excuse(process, e);
    }
    process.exit();
  }

  private void excuse(SimulatedProcess process, WatershedException e) {
    world.say(process.name(), "ends: " + e.code().text());
    if (!EXCUSES.contains(e.code())) {
      find("a replay failed: " + e.code() + ": " + e.getMessage());
    }
  }

  private void run(ReplayedPlan plan, SimulatedProcess process, SimulatedStore store) {
    Optional<SteppedReplay> begun =
        SteppedReplay.begin(
            plan.plan(),
            plan::beyond,
            new SteppedReplay.Surroundings(
                store,
                new SimulatedSink(kinesis, process, this::store, new Random(random.nextLong())),
                SETTINGS,
                fleet.reading(),
                new FiberClock(process),
                process,
                new Random(random.nextLong()),
                new FiberAwaiting(process)));
    if (begun.isEmpty()) {
      plan.finish();
      return;
    }
    SteppedReplay run = begun.get();
    plan.ran(run);
    world.say(process.name(), "goes on after " + run.acknowledgedBefore());
    while (!run.advance()) {
      process.pause(STEP);
    }
    ReplayOutcome outcome = run.end();
    world.say(process.name(), outcome.ending() + " at " + outcome.acknowledged());
    boolean sameTarget = isPresent(plan.plan().to().incarnation());
    if (outcome.ending() == Ending.FINISHED) {
      plan.finish();
    }
    if (sameTarget) {
      outcome.error().ifPresent(e -> excuse(process, e));
      if (outcome.orderViolations() > 0) {
        find("a replay counts " + outcome.orderViolations() + " order violations");
      }
    }
  }

  /** What a record of the sink becomes on the stream. */
  private StreamRecord store(PutEntry entry) {
    Envelope envelope = Envelope.unwrap(entry.payload()).orElseThrow();
    boolean archived =
        plans.stream()
            .filter(plan -> plan.plan().id().equals(envelope.header().replayId()))
            .findFirst()
            .flatMap(plan -> plan.arrived(entry.partitionKey(), envelope))
            .filter(isArchived)
            .isPresent();
    return producer.receive(entry.partitionKey(), entry.payload(), archived);
  }

  /** All that is archived, or that of some keys. */
  private Optional<ReplayedPlan> plan(ArchiveTable table) {
    if (!table.exists()) {
      return Optional.empty();
    }
    TableState state = table.load();
    int ofKeys = 1 + random.nextInt(3);
    List<StreamRecord> selected = new ArrayList<>();
    for (DataFileInfo file : table.files(state)) {
      for (StreamRecord record : rows.of(file.key()).orElseThrow()) {
        if (record.partitionKey().hashCode() % ofKeys == 0) {
          selected.add(record);
        }
      }
    }
    if (selected.isEmpty()) {
      return Optional.empty();
    }
    // Ids of shards and incarnations rise with time, so parents come before children.
    selected.sort(Comparator.comparing(StreamRecord::shard).thenComparing(StreamRecord::position));
    Lineage lineage =
        Lineage.of(state.checkpoints().values().stream().map(ShardCheckpoint::shard).toList());
    return Optional.of(new ReplayedPlan(plan(selected, ofKeys), lineage, selected));
  }

  private ReplayPlan plan(List<StreamRecord> selected, int ofKeys) {
    long bytes = selected.stream().mapToLong(record -> record.payload().length).sum();
    return new ReplayPlan(
        SimulatedStream.NAME,
        "receipt-" + plans.size(),
        RecordSelection.ALL.where("hash(_partition_key) % " + ofKeys + " = 0"),
        new ReplayPlan.Target(
            SimulatedStream.NAME, kinesis.newest().incarnation().id(), 1 << 20, true),
        Delivery.DEFAULT.skippingSuperseded(random.nextBoolean()),
        new ReplayPlan.Counts(selected.size(), bytes, 0));
  }

  private void find(String what) {
    world.say("replays", what);
    findings.add(what);
  }
}
