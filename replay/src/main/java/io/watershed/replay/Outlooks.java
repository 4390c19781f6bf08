package io.watershed.replay;

import io.watershed.kinesis.StreamDescription;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordScan.Extent;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.PlanOutlook.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks ahead at what plans would do. */
final class Outlooks {
  /** Quota of a shard: records and bytes a second. */
  private static final double SHARD_RECORDS = 1_000;

  private static final double SHARD_BYTES = 1 << 20;

  private final QueryEngine engine;

  Outlooks(QueryEngine engine) {
    this.engine = engine;
  }

  PlanOutlook of(ReplayPlan plan, StreamDescription target, int preview) {
    try (RecordScan scan = engine.scan(Planner.scanOf(plan))) {
      Optional<Extent> extent = scan.extent();
      Iterator<ScannedRecord> rows = scan.sideBySide(Map.of());
      // Fences are not there before the run is.
      RecordWrapper wrapper = new RecordWrapper(plan.id(), plan.delivery(), 1, Fences.NONE);
      List<Arrival> first = new ArrayList<>();
      long overhead = 0;
      for (int i = 0; i < Math.max(1, preview) && rows.hasNext(); i++) {
        ScannedRecord row = rows.next();
        if (i == 0) {
          overhead = overhead(plan, row);
        }
        if (i < preview) {
          first.add(new Arrival(row.record(), wrapper.entry(row)));
        }
      }
      return new PlanOutlook(
          extent,
          target.incarnation().arn(),
          target.openShards(),
          atLeast(plan, target.openShards(), overhead),
          first);
    }
  }

  /** What a record has besides its payload. */
  private static long overhead(ReplayPlan plan, ScannedRecord row) {
    return RecordWrapper.longest(plan.delivery()).size(row) - row.record().payload().length;
  }

  private static Duration atLeast(ReplayPlan plan, int openShards, long overhead) {
    ReplayPace pace = plan.delivery().pace();
    double shards = Math.max(1, openShards) * pace.quotaShare();
    double records = plan.toSend() - plan.counts().superseded();
    double bytes = plan.counts().payloadBytes() + records * overhead;
    double seconds = Math.max(records / SHARD_RECORDS, bytes / SHARD_BYTES) / shards;
    double slowest =
        pace.maxRecordsPerSecond().isPresent()
            ? records / pace.maxRecordsPerSecond().getAsDouble()
            : 0;
    return Duration.ofMillis((long) (1_000 * Math.max(seconds, slowest)));
  }
}
