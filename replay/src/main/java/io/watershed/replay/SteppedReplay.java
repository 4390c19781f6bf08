package io.watershed.replay;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Lineage;
import io.watershed.core.time.Scheduler;
import io.watershed.cut.Awaiting;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.WriteStatistics;
import io.watershed.query.ScannedRecord;
import io.watershed.reservoir.store.ObjectStore;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One process's run of a plan without its scan and without a thread that waits: for whoever makes
 * time pass otherwise, as the simulator does. Not thread-safe.
 */
public final class SteppedReplay {
  private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(5);

  private final ReplayRun run;
  private final RunOwner owner;
  private final Acknowledgements acknowledgements;
  private final OrderedWriter<Acknowledgements.Sent> writer;
  private final Superseding superseding;

  private SteppedReplay(
      ReplayRun run,
      RunOwner owner,
      Acknowledgements acknowledgements,
      OrderedWriter<Acknowledgements.Sent> writer,
      Superseding superseding) {
    this.run = run;
    this.owner = owner;
    this.acknowledgements = acknowledgements;
    this.writer = writer;
    this.superseding = superseding;
  }

  /**
   * What a run runs in.
   *
   * @param target can be read, if superseded records are to be skipped
   * @param store holds the ledger
   * @param reading how the target is read, if superseded records are to be skipped
   * @param clock leases, intervals; its {@code sleep} lets the caller wait
   * @param timers the writer's, whose callbacks may come at any time
   * @param random jitter of the writer's retries
   */
  public record Surroundings(
      ObjectStore store,
      StreamSink target,
      ReplaySettings settings,
      ShardReadSettings reading,
      Scheduler clock,
      Scheduler timers,
      RandomGenerator random,
      Awaiting awaiting) {}

  /**
   * Takes the run over from whoever had it last, and begins.
   *
   * @param rows the plan's records that are not done, as {@link
   *     io.watershed.query.RecordScan#sideBySide} gives them
   * @return empty if the run is finished
   * @throws io.watershed.core.error.WatershedException {@code fenced} if another process is running
   *     it, and what store and target fail with
   */
  public static Optional<SteppedReplay> begin(
      ReplayPlan plan,
      Function<Map<ShardKey, After>, Iterator<ScannedRecord>> rows,
      Surroundings in) {
    if (plan.delivery().overwrite()) {
      throw new IllegalArgumentException("a stepped replay does not overwrite");
    }
    Ledger ledger = new Ledger(in.store());
    ledger.keep(plan);
    return RunOwner.claim(ledger, plan, in.settings(), in.clock(), ReplayListener.NONE, () -> false)
        .map(owner -> begin(plan, rows, in, owner));
  }

  private static SteppedReplay begin(
      ReplayPlan plan,
      Function<Map<ShardKey, After>, Iterator<ScannedRecord>> rows,
      Surroundings in,
      RunOwner owner) {
    LedgerEntry before = owner.before();
    Acknowledgements acknowledgements =
        new Acknowledgements(before, new OrderCheck(in.settings().trackedKeys()));
    OrderedWriter<Acknowledgements.Sent> writer =
        in.awaiting()
            .within(
                OPEN_TIMEOUT,
                "describing the target",
                OrderedWriter.open(
                    new LeasedSink(in.target(), owner),
                    OrderedWriteSettings.DEFAULTS.withDense(plan.delivery().dense()),
                    Optional.empty(),
                    in.timers(),
                    in.random(),
                    acknowledgements));
    Superseding superseding = superseding(plan, in);
    ReplayRun run =
        new ReplayRun(
            plan,
            rows.apply(before.done()),
            writer,
            acknowledgements,
            owner,
            Fences.NONE,
            superseding,
            ReplayListener.NONE,
            () -> false,
            in.settings(),
            in.clock());
    run.begin();
    return new SteppedReplay(run, owner, acknowledgements, writer, superseding);
  }

  private static Superseding superseding(ReplayPlan plan, Surroundings in) {
    if (!plan.delivery().skipSuperseded()) {
      return Superseding.NOTHING;
    }
    return TargetWatch.begin(
        in.target().reader().orElseThrow(),
        plan.counts().firstArrival(),
        new TargetVersions(plan.id(), in.settings().targetKeys(), Lineage.EMPTY),
        in.reading(),
        in.timers(),
        in.random());
  }

  /** Goes on until it has to wait; true when there is nothing left to do but {@link #end}. */
  public boolean advance() {
    ReplayRun.Step step = run.step();
    while (step == ReplayRun.Step.AGAIN) {
      step = run.step();
    }
    return step == ReplayRun.Step.DONE;
  }

  /** Writes the last entry and says what was done. */
  public ReplayOutcome end() {
    ReplayOutcome outcome = run.end();
    superseding.close();
    writer.close();
    return outcome;
  }

  /** Records that the ledger said were acknowledged when this process took over. */
  public long acknowledgedBefore() {
    return owner.before().allAcknowledged();
  }

  /** Records acknowledged by now, those before this process included. */
  public long acknowledged() {
    return acknowledgements.acknowledged();
  }

  /** Records of requests that have no answer yet, or failed without one. */
  public long unanswered() {
    WriteStatistics written = writer.statistics();
    return written.inFlightRecords() + written.outcomeUnknown();
  }
}
