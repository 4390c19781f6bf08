package io.watershed.replay;

import io.watershed.consumer.Version;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.WriteStatistics;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.ReplayOutcome.Ending;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * One execution of a plan, as steps that never wait for the target: whoever drives them waits
 * between them for {@link #wakeUp}, or a moment. Only acknowledgements come from other threads.
 */
final class ReplayRun {
  private final ReplayPlan plan;
  private final Iterator<ScannedRecord> records;
  private final OrderedWriter<Acknowledgements.Sent> writer;
  private final Acknowledgements acknowledgements;
  private final RunOwner owner;
  private final Superseding superseding;
  private final ReplayListener listener;
  private final BooleanSupplier stopRequested;
  private final ReplaySettings settings;
  private final Scheduler clock;
  private final RecordWrapper wrapper;
  private final RecordWrapper longest;

  private final RateMeter rate = new RateMeter();
  private final ShardMeters meters = new ShardMeters();
  private CompletableFuture<Void> wakeUp;
  private Optional<CompletableFuture<Void>> flush = Optional.empty();
  private Optional<WatershedException> failure = Optional.empty();
  private Optional<Ending> stop = Optional.empty();
  private boolean closed;
  private long closedNanos;
  private long doneAtEntry;
  private long reportedNanos;
  private double hotKeyShare;

  /**
   * @param records what is left of the plan's scan
   * @param writer settles {@code acknowledgements}
   * @param superseding is waited for before the first record is sent
   */
  ReplayRun(
      ReplayPlan plan,
      Iterator<ScannedRecord> records,
      OrderedWriter<Acknowledgements.Sent> writer,
      Acknowledgements acknowledgements,
      RunOwner owner,
      Fences fences,
      Superseding superseding,
      ReplayListener listener,
      BooleanSupplier stopRequested,
      ReplaySettings settings,
      Scheduler clock) {
    this.plan = plan;
    this.records = records;
    this.writer = writer;
    this.acknowledgements = acknowledgements;
    this.owner = owner;
    this.superseding = superseding;
    this.wakeUp = superseding.ready();
    this.listener = listener;
    this.stopRequested = stopRequested;
    this.settings = settings;
    this.clock = clock;
    this.wrapper = new RecordWrapper(plan.id(), plan.delivery(), owner.epoch(), fences);
    this.longest = RecordWrapper.longest(plan.delivery());
  }

  /** What the driver does next. */
  enum Step {
    /** Step again at once. */
    AGAIN,
    /** Wait for {@link ReplayRun#wakeUp}, or a moment. */
    WAIT,
    /** Nothing is left to do: {@link ReplayRun#end}. */
    DONE
  }

  /** Renews the hold on the run with a first entry, and tells the listener. */
  void begin() {
    write(LedgerEntry.State.RUNNING);
    report();
  }

  /** One step; waits for the scan and the ledger, but never for the target. */
  Step step() {
    try {
      stop = stop.or(this::requestedEnding);
      return stop.isPresent() || failure.isPresent() ? drain() : advance();
    } catch (WatershedException e) {
      failure = failure.or(() -> Optional.of(e));
      return Step.AGAIN;
    }
  }

  private Optional<Ending> requestedEnding() {
    if (stopRequested.getAsBoolean()) {
      return Optional.of(Ending.STOPPED);
    }
    return owner.control().map(asked -> Ending.valueOf(asked.action().state().name()));
  }

  private Step advance() {
    keepBooks();
    if (!wakeUp.isDone()) {
      return Step.WAIT;
    }
    StreamFailure.join(wakeUp);
    if (flush.isPresent()) {
      return Step.DONE; // it was what we waited for
    }
    if (records.hasNext()) {
      send(records.next());
    } else {
      wakeUp = writer.flush();
      flush = Optional.of(wakeUp);
    }
    return Step.AGAIN;
  }

  /** Lets what is on its way arrive, within the deadline. */
  private Step drain() {
    if (!closed) {
      closed = true;
      closedNanos = clock.nanoTime();
      writer.close();
      wakeUp = writer.flush();
    }
    keepReporting();
    boolean late = elapsedSince(closedNanos).compareTo(settings.stopDeadline()) >= 0;
    return wakeUp.isDone() || late ? Step.DONE : Step.WAIT;
  }

  private void send(ScannedRecord row) {
    StreamRecord record = row.record();
    if (owner.mustRenew()) {
      write(LedgerEntry.State.RUNNING); // the scan took long: is the run still ours?
    }
    ScanPosition place = new ScanPosition(record.shard(), record.position());
    Optional<Acknowledgements.Sent> sent = acknowledgements.take(place, wrapper.orderedKey(row));
    if (sent.isPresent()) {
      send(row, place, sent.get());
    }
  }

  private void send(ScannedRecord row, ScanPosition place, Acknowledgements.Sent sent) {
    if (longest.fits(row, plan.maxRecordBytes())) {
      Optional<Version> newer = superseding.newerThan(row.record());
      if (newer.isPresent()) {
        leaveOut(sent, newer.get());
        return;
      }
      PutEntry entry = wrapper.entry(row);
      wakeUp = writer.write(entry, row.record().partitionKey(), sent);
      return;
    }
    if (!plan.delivery().skipOversize()) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "The record at "
              + place.shard()
              + " "
              + place.position()
              + " is too large for the target",
          "Plan again and allow records that are too large to be left out.");
    }
    acknowledgements.skipped(sent);
  }

  /**
   * What is left out takes no room in the writer, but is remembered until all before it is done.
   */
  private void leaveOut(Acknowledgements.Sent sent, Version newer) {
    acknowledgements.superseded(sent, newer);
    if (acknowledgements.ahead() >= settings.recordsAhead()) {
      wakeUp = writer.flush();
    }
  }

  private void keepBooks() {
    long since = acknowledgements.acknowledged() + acknowledgements.superseded() - doneAtEntry;
    if (since >= settings.ledgerRecords() || owner.isDue()) {
      write(LedgerEntry.State.RUNNING);
    }
    keepReporting();
  }

  private void keepReporting() {
    if (elapsedSince(reportedNanos).compareTo(settings.progressInterval()) >= 0) {
      report();
    }
  }

  private void write(LedgerEntry.State state) {
    Acknowledgements.Done done = acknowledgements.done();
    owner.write(state, done, acknowledgements.orderViolations(), possibleDuplicates(state));
    acknowledgements.entered(done);
    doneAtEntry = done.allAcknowledged() + acknowledgements.superseded();
    requireKeysStayTogether();
  }

  /** What is unanswered when a run ends early may be on the target, and is sent again. */
  private long possibleDuplicates(LedgerEntry.State state) {
    WriteStatistics written = writer.statistics();
    boolean endsEarly = state != LedgerEntry.State.RUNNING && state != LedgerEntry.State.FINISHED;
    return written.outcomeUnknown() + (endsEarly ? written.inFlightRecords() : 0);
  }

  /** The SDK does not tell how a stream distributes records; where they land does. */
  private void requireKeysStayTogether() {
    if (acknowledgements.isScattered()) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "The target "
              + plan.target()
              + " spreads records of one partition key over several shards, so no order is possible",
          "Use a target without service-managed record distribution.");
    }
  }

  private void report() {
    reportedNanos = clock.nanoTime();
    WriteStatistics written = writer.statistics();
    long acknowledged = acknowledgements.acknowledged();
    long superseded = acknowledgements.superseded();
    if (!wakeUp.isDone() && flush.isEmpty()) {
      hotKeyShare = Math.max(hotKeyShare, written.hottestKeyShare());
    }
    rate.add(reportedNanos, acknowledged);
    listener.progress(
        new ReplayProgress(
            plan.toSend(),
            owner.before().allAcknowledged() + written.accepted(),
            acknowledged,
            superseded,
            written.acknowledgedBytes(),
            rate.perSecond(),
            rate.timeFor(Math.max(0, plan.toSend() - acknowledged - superseded)),
            written.throttled(),
            written.retried(),
            written.hottestKeyShare(),
            meters.progress(reportedNanos, writer.shardWrites())));
  }

  /** The driver cannot wait any more; {@link #end} is next. */
  void interrupted(InterruptedException cause) {
    WatershedException error =
        new WatershedException(
            ErrorCode.CANCELLED,
            "The replay was interrupted",
            "Run the plan again to go on.",
            cause);
    failure = failure.or(() -> Optional.of(error));
    writer.close();
  }

  /** Completes when another step makes sense; look at it only after a step said WAIT. */
  CompletableFuture<Void> wakeUp() {
    return wakeUp;
  }

  /** Writes the last entry, tells the listener, and says what was done. */
  ReplayOutcome end() {
    Ending ending = failure.isPresent() ? Ending.FAILED : stop.orElse(Ending.FINISHED);
    if (stop.isPresent() && failure.isEmpty() && flush.isPresent() && isComplete()) {
      ending = Ending.FINISHED; // the last acknowledgement was faster
    }
    try {
      requireComplete(ending);
      write(LedgerEntry.State.valueOf(ending.name()));
    } catch (WatershedException e) {
      failure = failure.or(() -> Optional.of(e));
      ending = Ending.FAILED;
    }
    report();
    return outcome(ending);
  }

  /** A scan that yields other records than the plan counted is no run of that plan. */
  private void requireComplete(Ending ending) {
    if (ending == Ending.FINISHED && !isComplete()) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The plan counted "
              + plan.toSend()
              + " records, but "
              + acknowledgements.done().acknowledged()
              + " were sent and "
              + acknowledgements.done().superseded()
              + " superseded",
          "The archive lost or erased records since the plan was made: plan again.");
    }
  }

  private boolean isComplete() {
    Acknowledgements.Done done = acknowledgements.done();
    return done.acknowledged() + done.superseded() == plan.toSend()
        && done.skipped() == plan.counts().oversize();
  }

  private ReplayOutcome outcome(Ending ending) {
    WriteStatistics written = writer.statistics();
    LedgerEntry before = owner.before();
    return new ReplayOutcome(
        plan.id(),
        ending,
        plan.toSend(),
        acknowledgements.acknowledged(),
        acknowledgements.done().skipped(),
        acknowledgements.superseded(),
        written.acknowledgedBytes(),
        before.possibleDuplicates() + possibleDuplicates(LedgerEntry.State.valueOf(ending.name())),
        before.orderViolations() + acknowledgements.orderViolations(),
        written.throttled(),
        written.retried(),
        hotKeyShare,
        failure);
  }

  private Duration elapsedSince(long nanos) {
    return Duration.ofNanos(clock.nanoTime() - nanos);
  }
}
