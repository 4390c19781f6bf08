package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.kinesis.OrderedWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A ledger and the processes that run plans by it, in virtual time and on one thread. */
final class VirtualReplays {
  static final ReplaySettings SETTINGS = ReplaySettings.DEFAULTS.withRecords(20, 200);
  static final OrderedWriteSettings WRITING =
      OrderedWriteSettings.DEFAULTS.withBuffer(300, 1 << 20).withQuotaShare(1);

  final JumpingScheduler clock = new JumpingScheduler();
  final MemoryStore store = new MemoryStore(clock);
  final Ledger ledger = new Ledger(store);
  final List<ReplayProgress> reports = new ArrayList<>();

  RunOwner claim(ReplayPlan plan) {
    return RunOwner.claim(ledger, plan, SETTINGS, clock, ReplayListener.NONE, () -> false)
        .orElseThrow();
  }

  /** One process that runs a plan over these records. */
  Process process(
      HostileTarget target,
      long seed,
      BooleanSupplier stop,
      ReplayPlan plan,
      List<StreamRecord> records,
      RunOwner owner) {
    return new Process(target, seed, stop, plan, records, owner);
  }

  OrderedWriter<Acknowledgements.Sent> writer(
      LeasedSink sink, Acknowledgements acks, long seed, boolean dense) {
    return OrderedWriter.<Acknowledgements.Sent>open(
            sink, WRITING.withDense(dense), clock, new Random(seed), acks)
        .join();
  }

  /** Lets everything that is still on its way land. */
  void settle() {
    while (clock.runNext()) {}
  }

  /** A process. */
  final class Process {
    final RunOwner owner;
    final Acknowledgements acks;
    final ReplayRun run;
    private final ReplayPlan plan;
    private final HostileTarget.Connection connection;
    private final OrderedWriter<Acknowledgements.Sent> writer;

    private Process(
        HostileTarget target,
        long seed,
        BooleanSupplier stop,
        ReplayPlan plan,
        List<StreamRecord> records,
        RunOwner owner) {
      this.plan = plan;
      this.owner = owner;
      connection = target.connect();
      LedgerEntry before = owner.before();
      acks = new Acknowledgements(before, new OrderCheck(SETTINGS.trackedKeys()));
      LeasedSink sink = new LeasedSink(connection, owner);
      writer = writer(sink, acks, seed, plan.delivery().dense());
      run =
          new ReplayRun(
              plan,
              Fixtures.sideBySide(records, before.done(), seed),
              writer,
              acks,
              owner,
              Fences.NONE,
              plan.delivery().skipSuperseded() ? target.watch(plan.id()) : Superseding.NOTHING,
              reports::add,
              stop,
              SETTINGS,
              clock);
      run.begin();
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        if (run.step() == ReplayRun.Step.WAIT) {
          clock.runNext();
        }
      }
    }

    ReplayOutcome toTheEnd() {
      ReplayRun.Step step = run.step();
      for (int i = 0; step != ReplayRun.Step.DONE; i++) {
        assertThat(i).as("steps").isLessThan(1_000_000);
        if (step == ReplayRun.Step.WAIT && !clock.runNext()) {
          clock.advance(Duration.ofMillis(50));
        }
        step = run.step();
      }
      return run.end();
    }

    /**
     * Dies; returns how many records the target may get twice for that: those in flight, and those
     * acknowledged since the last entry, which are at most one ledger interval.
     */
    long kill() {
      connection.kill();
      long since =
          acks.acknowledged() - ledger.newest(plan).orElseThrow().entry().allAcknowledged();
      assertThat(since).isLessThan(SETTINGS.ledgerRecords() + 500L * WRITING.maxRequestsInFlight());
      return since + writer.statistics().inFlightRecords() + writer.statistics().outcomeUnknown();
    }
  }
}
