package io.watershed.replay;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Lineage;
import io.watershed.cut.LiveMode;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.query.AsOf;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScanRequest;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.ReplayPlan.Counts;
import io.watershed.replay.ReplayPlan.Target;
import io.watershed.reservoir.Reservoir;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes plans: checks, freezes and counts. */
final class Planner {
  /**
   * The most that an envelope and a partition key add, beyond an envelope that is measured on an
   * empty payload: a longer sequence and sub-sequence number, a lead with every byte escaped, and
   * 256 characters of key.
   */
  private static final int SLACK_BYTES = 2_048;

  private final Reservoir reservoir;
  private final QueryEngine engine;

  Planner(Reservoir reservoir, QueryEngine engine) {
    this.reservoir = reservoir;
    this.engine = engine;
  }

  /**
   * @param superseding tells what the target holds that arrived since a time
   */
  ReplayPlan plan(
      ReplayRequest request,
      StreamDescription target,
      Function<Optional<Instant>, Superseding> superseding) {
    requireBounds(request.selection());
    TargetCheck.requireWritable(target);
    boolean toSource = sourceArns(request.stream()).contains(target.incarnation().arn());
    TargetCheck.requireOther(target, toSource, request.allowSource());
    ScanRequest wanted = scanOf(request);
    engine.requireRepeatable(wanted);
    try (RecordScan scan = engine.scan(wanted)) {
      ReplayPlan plan = planOf(request, target, scan, toSource);
      requireNoOversize(plan);
      return plan.delivery().skipSuperseded() ? counted(plan, scan, superseding) : plan;
    }
  }

  /** The scan of a plan: the same records however often it is asked. */
  static ScanRequest scanOf(ReplayPlan plan) {
    return new ScanRequest(
        plan.stream(),
        plan.selection(),
        RecordWrapper.expressions(plan.delivery()),
        Optional.of(AsOf.receipt(plan.receipt())),
        LiveMode.OFF);
  }

  /**
   * Archived records only: then every replayed record's origin is under a checkpoint before its
   * copy can be read, so archiver and live side agree that it is a copy (PROTOCOL 6.7).
   */
  private static ScanRequest scanOf(ReplayRequest request) {
    return new ScanRequest(
        request.stream(),
        request.selection(),
        RecordWrapper.expressions(request.delivery()),
        request.asOf(),
        LiveMode.OFF);
  }

  private Set<String> sourceArns(String stream) {
    return reservoir.archive(stream).load().incarnations().stream()
        .map(Incarnation::arn)
        .collect(Collectors.toSet());
  }

  private static ReplayPlan planOf(
      ReplayRequest request, StreamDescription target, RecordScan scan, boolean toSource) {
    RecordScan.Totals totals = scan.totals();
    Optional<RecordScan.Extent> extent = scan.extent();
    long oversize = oversize(scan, totals, request.delivery(), target.maxRecordBytes());
    return new ReplayPlan(
        request.stream(),
        scan.receipt().id(),
        request.selection(),
        new Target(request.target(), target.incarnation().id(), target.maxRecordBytes(), toSource),
        request.delivery(),
        new Counts(
            totals.records(),
            totals.payloadBytes(),
            oversize,
            0,
            extent.map(RecordScan.Extent::firstArrival),
            extent.map(RecordScan.Extent::lastArrival),
            scan.compaction()));
  }

  /** Looks at each record only if the largest one might be too large, or needs computing. */
  private static long oversize(
      RecordScan scan, RecordScan.Totals totals, Delivery delivery, long maxRecordBytes) {
    RecordWrapper longest = RecordWrapper.longest(delivery);
    boolean computes = !RecordWrapper.expressions(delivery).isEmpty();
    Iterator<ScannedRecord> rows = scan.sideBySide(Map.of());
    long oversize = 0;
    boolean first = true;
    while (rows.hasNext()) {
      ScannedRecord row = rows.next();
      long size = longest.size(row);
      long overhead = size - row.record().payload().length;
      if (first
          && !computes
          && totals.largestPayloadBytes() + overhead + SLACK_BYTES <= maxRecordBytes) {
        return 0;
      }
      first = false;
      oversize += size > maxRecordBytes ? 1 : 0;
    }
    return oversize;
  }

  /** The same with the records counted that the target holds newer ones of now. */
  private static ReplayPlan counted(
      ReplayPlan plan, RecordScan scan, Function<Optional<Instant>, Superseding> superseding) {
    RecordWrapper longest = RecordWrapper.longest(plan.delivery());
    try (Superseding held = superseding.apply(plan.counts().firstArrival())) {
      StreamFailure.join(held.ready());
      Iterator<ScannedRecord> rows = scan.sideBySide(Map.of());
      long superseded = 0;
      while (rows.hasNext()) {
        ScannedRecord row = rows.next();
        boolean fits = longest.fits(row, plan.maxRecordBytes());
        superseded += fits && held.newerThan(row.record()).isPresent() ? 1 : 0;
      }
      return plan.withSuperseded(superseded);
    }
  }

  /** Every shard that the archive of a stream knows, of all its incarnations. */
  Lineage lineageOf(String stream) {
    return Lineage.of(
        reservoir.archive(stream).load().checkpoints().values().stream()
            .map(ShardCheckpoint::shard)
            .toList());
  }

  private static void requireBounds(RecordSelection selection) {
    if (selection.from().isPresent()
        && selection.until().isPresent()
        && !selection.from().get().isBefore(selection.until().get())) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "The bounds are empty: from " + selection.from().get() + " to " + selection.until().get(),
          "The second time must be later than the first.");
    }
  }

  private static void requireNoOversize(ReplayPlan plan) {
    if (plan.counts().oversize() > 0 && !plan.delivery().skipOversize()) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          plan.counts().oversize()
              + " of "
              + plan.counts().records()
              + " records are larger than the "
              + plan.maxRecordBytes()
              + " bytes that "
              + plan.target()
              + " accepts, with envelope and partition key",
          "Raise the target's record limit, or allow records that are too large to be left out.");
    }
  }
}
