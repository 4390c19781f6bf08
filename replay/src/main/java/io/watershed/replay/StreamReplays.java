package io.watershed.replay;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.config.ReplayGuards;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.RetrySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.Retries;
import io.watershed.kinesis.SampledTraffic;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.StreamSource;
import io.watershed.kinesis.TargetTraffic;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.ReplayOutcome.Ending;
import io.watershed.reservoir.Reservoir;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together and drives a run on the caller's thread. */
final class StreamReplays implements Replays {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReplays.class);

  /** No replay's id: to a plan that does not run yet, all copies are others'. */
  private static final String NO_REPLAY = "";

  private static final Duration MOMENT = Duration.ofMillis(50);

  /** Somebody waits: a target that is down when it is first looked at is an error soon. */
  private static final RetrySettings FIRST_LOOK =
      new RetrySettings(10, Duration.ofSeconds(15), Duration.ofMillis(100), Duration.ofSeconds(3));

  private final QueryEngine engine;
  private final Targets targets;
  private final Ledger ledger;
  private final Planner planner;
  private final ReplaySettings settings;
  private final ReplayGuards guards;
  private final Scheduler clock;
  private final RandomGenerator random;

  StreamReplays(
      Reservoir reservoir,
      QueryEngine engine,
      Targets targets,
      ReplaySettings settings,
      ReplayGuards guards,
      Scheduler clock,
      RandomGenerator random) {
    if (settings.trackedKeys() < OrderedWriteSettings.DEFAULTS.maxBufferedRecords()) {
      throw new IllegalArgumentException("trackedKeys: at least the writer's buffer");
    }
    this.engine = engine;
    this.targets = targets;
    this.settings = settings;
    this.guards = guards;
    this.clock = clock;
    this.random = random;
    ledger = new Ledger(reservoir.store());
    planner = new Planner(reservoir, engine);
  }

  @Override
  public ReplayPlan plan(ReplayRequest request) {
    try (StreamSink target = targets.open(request.target())) {
      StreamDescription description = describe(target);
      TargetCheck.requireAllowed(description, guards);
      ReplayPlan plan =
          planner.plan(
              request,
              description,
              from -> superseding(request.stream(), request.delivery(), NO_REPLAY, from, target));
      TargetCheck.requireFew(plan, Math.min(guards.maxRecords(), request.maxRecords()));
      ledger.keep(plan);
      LOG.info(
          "Planned replay {}: {} records ({} bytes) of {} to {}",
          plan.id(),
          plan.toSend(),
          plan.counts().payloadBytes(),
          plan.stream(),
          plan.target());
      return plan;
    }
  }

  @Override
  public PlanOutlook outlook(ReplayPlan plan, int preview) {
    try (StreamSink target = targets.open(plan.target())) {
      StreamDescription description = describe(target);
      TargetCheck.requirePlanned(description, plan);
      return new Outlooks(engine).of(plan, description, preview);
    }
  }

  @Override
  public ReplayPlan load(String id) {
    return ledger.load(id);
  }

  @Override
  public ReplayOutcome run(
      ReplayPlan plan, RunMode mode, ReplayListener listener, BooleanSupplier stopRequested) {
    try (StreamSink target = targets.open(plan.target())) {
      StreamDescription description = describe(target);
      TargetCheck.requireAllowed(description, guards);
      TargetCheck.requireFew(plan, guards.maxRecords());
      TargetCheck.requirePlanned(description, plan);
      ledger.keep(plan);
      Optional<RunOwner> owner =
          new RunClaim(ledger, plan, settings, clock, listener, stopRequested)
              .take(mode, description.incarnation().arn());
      if (owner.isEmpty()) {
        return nothingToDo(plan);
      }
      return run(plan, owner.get(), target, listener, stopRequested);
    }
  }

  private ReplayOutcome run(
      ReplayPlan plan,
      RunOwner owner,
      StreamSink target,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    LOG.info(
        "Replay {} begins after {} of {} records",
        plan.id(),
        owner.before().allAcknowledged(),
        plan.toSend());
    Fences fences = fences(plan, target);
    LeasedSink sink = new LeasedSink(target, owner);
    try (Superseding superseding =
            superseding(
                plan.stream(), plan.delivery(), plan.id(), plan.counts().firstArrival(), sink);
        RecordScan scan = engine.scan(Planner.scanOf(plan))) {
      LedgerEntry before = owner.before().over(scan.shards());
      Acknowledgements acknowledgements =
          new Acknowledgements(before, new OrderCheck(settings.trackedKeys()));
      return run(
          plan,
          scan.sideBySide(before.done()),
          acknowledgements,
          owner,
          fences,
          superseding,
          sink,
          listener,
          stopRequested);
    }
  }

  private ReplayOutcome run(
      ReplayPlan plan,
      Iterator<ScannedRecord> records,
      Acknowledgements acknowledgements,
      RunOwner owner,
      Fences fences,
      Superseding superseding,
      LeasedSink sink,
      ReplayListener listener,
      BooleanSupplier stopRequested) {
    try (OrderedWriter<Acknowledgements.Sent> writer = writer(plan, sink, acknowledgements)) {
      ReplayRun run =
          new ReplayRun(
              plan,
              records,
              writer,
              acknowledgements,
              owner,
              fences,
              superseding,
              listener,
              stopRequested,
              settings,
              clock);
      ReplayOutcome outcome = drive(run);
      LOG.info(
          "Replay {} {}: {} of {} records acknowledged, {} superseded, {} order violations",
          plan.id(),
          outcome.ending(),
          outcome.acknowledged(),
          outcome.planned(),
          outcome.superseded(),
          outcome.orderViolations());
      return outcome;
    }
  }

  /** What the run's first process found, whoever goes on. */
  private Fences fences(ReplayPlan plan, StreamSink target) {
    if (!plan.delivery().overwrite()) {
      return Fences.NONE;
    }
    long firstEpoch = ledger.standing(plan).firstEpoch(); // another run has other fences
    Optional<Fences> kept = ledger.fences(plan, firstEpoch);
    if (kept.isEmpty()) {
      StreamSource reader =
          target
              .reader()
              .orElseThrow(
                  () -> new IllegalStateException("an overwriting replay reads its target"));
      StreamDescription description = describe(target);
      ledger.keep(
          plan,
          firstEpoch,
          new FenceReader(reader, clock, random).read(description, openShards(target)));
    }
    return kept.or(() -> ledger.fences(plan, firstEpoch)).orElseThrow();
  }

  /**
   * What the target holds, for a replay that skips what is superseded.
   *
   * @param replayId whose copies do not count
   * @param from when the first record of the selection arrived
   */
  private Superseding superseding(
      String stream,
      Delivery delivery,
      String replayId,
      Optional<Instant> from,
      StreamSink target) {
    if (!delivery.skipSuperseded()) {
      return Superseding.NOTHING;
    }
    StreamSource reader =
        target
            .reader()
            .orElseThrow(() -> new IllegalStateException("a replay that skips reads its target"));
    return TargetWatch.begin(
        reader,
        from,
        new TargetVersions(replayId, settings.targetKeys(), planner.lineageOf(stream)),
        ShardReadSettings.DEFAULTS,
        clock,
        random);
  }

  private List<Shard> openShards(StreamSink target) {
    Retries retries = new Retries(OrderedWriteSettings.DEFAULTS.retry(), clock, random);
    return StreamFailure.join(retries.call(target::openShards));
  }

  private OrderedWriter<Acknowledgements.Sent> writer(
      ReplayPlan plan, StreamSink sink, Acknowledgements acknowledgements) {
    OrderedWriteSettings pace =
        OrderedWriteSettings.DEFAULTS
            .withQuotaShare(plan.delivery().pace().quotaShare())
            .withMaxRate(plan.delivery().pace().maxRecordsPerSecond(), OptionalDouble.empty())
            .withDense(plan.delivery().dense());
    Optional<TargetTraffic> traffic =
        sink.reader().map(reader -> new SampledTraffic(reader, pace.traffic(), clock));
    return StreamFailure.join(
        OrderedWriter.open(sink, pace, traffic, clock, random, acknowledgements));
  }

  private static ReplayOutcome drive(ReplayRun run) {
    run.begin();
    try {
      ReplayRun.Step step = run.step();
      while (step != ReplayRun.Step.DONE) {
        if (step == ReplayRun.Step.WAIT) {
          waitFor(run.wakeUp());
        }
        step = run.step();
      }
      return run.end();
    } catch (InterruptedException e) {
      run.interrupted(e);
      ReplayOutcome outcome = run.end(); // before the flag is set again: it breaks file writes
      Thread.currentThread().interrupt();
      return outcome;
    }
  }

  /** At most a moment, so that stop, ledger and progress get their turn. */
  private static void waitFor(CompletableFuture<Void> wakeUp) throws InterruptedException {
    try {
      wakeUp.get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.trace("the next step sees to it", e);
    }
  }

  private ReplayOutcome nothingToDo(ReplayPlan plan) {
    LedgerEntry last = ledger.standing(plan).entry();
    boolean finished = last.state() == LedgerEntry.State.FINISHED;
    return new ReplayOutcome(
        plan.id(),
        finished ? Ending.ALREADY_FINISHED : Ending.STOPPED,
        plan.toSend(),
        last.allAcknowledged(),
        last.skipped(),
        last.superseded(),
        0,
        last.possibleDuplicates(),
        last.orderViolations(),
        0,
        0,
        0,
        Optional.empty());
  }

  @Override
  public AuditReport audit(ReplayPlan plan, StreamSource target) {
    Standing standing = ledger.standing(plan);
    ReplayAudit audit = new ReplayAudit(plan, standing.firstEpoch());
    ledger.superseded(plan, standing).forEachRemaining(audit::leftOut);
    new TargetReader(target, clock, random).readAll(audit::seen);
    try (RecordScan scan = engine.scan(Planner.scanOf(plan))) {
      return audit.report(scan.sideBySide(Map.of()));
    }
  }

  private StreamDescription describe(StreamSink target) {
    Retries retries = new Retries(FIRST_LOOK, clock, random);
    return StreamFailure.join(retries.call(target::describe));
  }
}
