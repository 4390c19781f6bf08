package io.watershed.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.consumer.Position;
import io.watershed.consumer.ReceivedRecord;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.DurationText;
import io.watershed.core.record.RecordJson;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordScan.Extent;
import io.watershed.query.RecordSelection;
import io.watershed.replay.Delivery;
import io.watershed.replay.PlanOutlook;
import io.watershed.replay.PlanOutlookJson;
import io.watershed.replay.ReplayDiff;
import io.watershed.replay.ReplayPlan;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** A plan in print: lines for a person, JSON for a program, a file to keep. */
final class ReplayPlanText {
  private static final int KEY_CHARS = 40;
  private static final int ANNOTATION_CHARS = 80;

  /** Where a record will be on the target is not known yet, and not shown. */
  private static final Position ANYWHERE = new Position("", "", "0", 0);

  private final ReplayPlan plan;
  private final PlanOutlook outlook;
  private final String targetPlace;
  private final Optional<ReplayDiff.Report> diff;

  /**
   * @param targetPlace the target with account and region, for a person
   * @param diff the difference to what the target holds, if that was asked for
   */
  ReplayPlanText(
      ReplayPlan plan, PlanOutlook outlook, String targetPlace, Optional<ReplayDiff.Report> diff) {
    this.plan = plan;
    this.outlook = outlook;
    this.targetPlace = targetPlace;
    this.diff = diff;
  }

  /** The plan line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("plan " + plan.id() + " (" + plan.hash() + ")");
    line(lines, "from", plan.stream() + " as of receipt " + plan.receipt());
    selection(plan).forEach(text -> line(lines, "", text));
    line(lines, "to", targetPlace);
    delivery(plan).forEach(text -> line(lines, "", text));
    line(lines, "envelope", plan.delivery().envelope().text());
    line(
        lines,
        "records",
        "%,d (%s)"
            .formatted(plan.toSend(), new DataSize(plan.counts().payloadBytes()).approximate()));
    if (plan.delivery().skipSuperseded()) {
      line(lines, "", "%,d of them superseded now".formatted(plan.counts().superseded()));
    }
    outlook.extent().ifPresent(extent -> extent(lines, extent));
    line(lines, "time", time());
    diff.ifPresent(report -> line(lines, "diff", difference(report)));
    plan.notes().forEach(note -> line(lines, "note", note));
    return lines;
  }

  private static void line(List<String> lines, String name, String text) {
    lines.add("  %-9s%s".formatted(name, text));
  }

  /** Which records are selected, line by line. */
  static List<String> selection(ReplayPlan plan) {
    List<String> lines = new ArrayList<>();
    RecordSelection selection = plan.selection();
    selection.from().ifPresent(time -> lines.add("arrived from " + time));
    selection.until().ifPresent(time -> lines.add("arrived before " + time));
    selection
        .starts()
        .forEach((shard, position) -> lines.add(shard + " from " + position.text() + " on"));
    if (!selection.shards().isEmpty()) {
      lines.add("of " + String.join(", ", selection.shards()));
    }
    selection.where().ifPresent(sql -> lines.add("where " + sql));
    selection.last().ifPresent(last -> lines.add(compaction(last)));
    return lines;
  }

  private static String compaction(LastPerKey last) {
    return "the last record per "
        + last.key()
        + last.orderBy().map(sql -> ", by " + sql).orElse(", by position")
        + last.tombstone()
            .map(sql -> (last.dropTombstones() ? ", without keys where " : ", tombstones: ") + sql)
            .orElse("");
  }

  /** How the records are put, line by line. */
  static List<String> delivery(ReplayPlan plan) {
    List<String> lines = new ArrayList<>();
    Delivery delivery = plan.delivery();
    delivery.partitionKey().ifPresent(sql -> lines.add("partition key: " + sql));
    delivery
        .annotations()
        .constants()
        .forEach((name, text) -> lines.add("with " + name + " = '" + text + "'"));
    delivery
        .annotations()
        .expressions()
        .forEach((name, sql) -> lines.add("with " + name + " = " + sql));
    if (delivery.overwrite()) {
      lines.add("overwriting what is live when the run begins");
    }
    if (delivery.skipSuperseded()) {
      lines.add("without records of which the target holds newer ones");
    }
    if (delivery.dense()) {
      lines.add("packed into aggregated records");
    }
    return lines;
  }

  private static String difference(ReplayDiff.Report report) {
    return ("of %,d keys the target has %,d the same, %,d different, %,d newer; %,d are missing"
            + " there, %,d others it has besides (by its archive '%s' as of receipt %s)")
        .formatted(
            report.keys(),
            report.same(),
            report.different(),
            report.newer(),
            report.missing(),
            report.targetOnly(),
            report.targetStream(),
            report.targetReceipt());
  }

  private static void extent(List<String> lines, Extent extent) {
    line(lines, "arrived", extent.firstArrival() + " to " + extent.lastArrival());
    line(
        lines,
        "keys",
        RecordLine.escaped(extent.firstKey(), KEY_CHARS)
            + " to "
            + RecordLine.escaped(extent.lastKey(), KEY_CHARS));
  }

  private String time() {
    Duration seconds = outlook.atLeast().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    double share = plan.delivery().pace().quotaShare();
    return "at least %s, at %.0f %% of the write quota of %d open shards%s"
        .formatted(
            DurationText.format(seconds),
            100 * share,
            outlook.openShards(),
            plan.delivery().pace().maxRecordsPerSecond().isPresent()
                ? String.format(
                    Locale.ROOT,
                    " and %,.0f records/s",
                    plan.delivery().pace().maxRecordsPerSecond().getAsDouble())
                : "");
  }

  /**
   * The first records as a consumer gets them, a line each: under their key on the target, the
   * original payload without its envelope, and what the plan adds.
   */
  List<String> preview() {
    return outlook.first().stream().map(ReplayPlanText::received).toList();
  }

  private static String received(PlanOutlook.Arrival arrival) {
    StreamRecord sent = arrival.arriving();
    ReceivedRecord received = ReceivedRecord.of(ANYWHERE, sent.payload());
    StringBuilder line = new StringBuilder(RecordLine.of(with(sent, received.payload())));
    new TreeMap<>(received.annotations())
        .forEach(
            (name, text) ->
                line.append("  ")
                    .append(name)
                    .append("='")
                    .append(RecordLine.escaped(text, ANNOTATION_CHARS))
                    .append('\''));
    return line.toString();
  }

  private static StreamRecord with(StreamRecord record, byte[] payload) {
    return new StreamRecord(
        record.shard(), record.position(), record.partitionKey(), record.arrivalTime(), payload);
  }

  /** One object: what is printed for a person, and the plan's own document. */
  String json() {
    ObjectNode json = PlanOutlookJson.of(plan, outlook, RecordJson::of);
    diff.ifPresent(report -> json.set("diff", PlanOutlookJson.of(report)));
    return json.toString();
  }

  /** The plan's document as a file: one member a line. */
  static String file(ReplayPlan plan) {
    try {
      return Json.MAPPER.readTree(plan.json()).toPrettyString() + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what we wrote ourselves is JSON", e);
    }
  }
}
