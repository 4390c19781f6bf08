package io.watershed.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.cli.Json;
import java.util.List;

/**
 * What a demo found, and whether all of it is right.
 *
 * @param streams per stream, the counts
 * @param replay the replay
 * @param verify {@code ok} or the reason
 * @param archiverKilled whether an archiver was killed in mid-flight and another went on
 */
record DemoReport(
    List<DemoCounts> streams, Replayed replay, String verify, boolean archiverKilled) {
  DemoReport {
    streams = List.copyOf(streams);
  }

  /**
   * The replay.
   *
   * @param planned records selected
   * @param acknowledged records that the target confirmed
   * @param orderViolations records that the target holds before an earlier one of their key, by the
   *     replay's own count or by reading the target again
   * @param found different origins that reading the target again found
   */
  record Replayed(long planned, long acknowledged, long orderViolations, long found) {
    boolean right() {
      return planned > 0 && acknowledged == planned && found == planned && orderViolations == 0;
    }
  }

  boolean right() {
    return streams.stream().allMatch(DemoCounts::right)
        && replay.right()
        && verify.equals("ok")
        && archiverKilled;
  }

  /** One line. */
  String json() {
    ObjectNode root = Json.object();
    ObjectNode perStream = root.putObject("streams");
    for (DemoCounts counts : streams) {
      perStream
          .putObject(counts.stream())
          .put("put", counts.put())
          .put("archived", counts.archived())
          .put("live", counts.live())
          .put("view", counts.view())
          .put("distinct", counts.distinct())
          .put("gaps", counts.gaps());
    }
    root.putObject("replay")
        .put("planned", replay.planned())
        .put("acknowledged", replay.acknowledged())
        .put("orderViolations", replay.orderViolations())
        .put("found", replay.found());
    root.put("archiverKilled", archiverKilled);
    root.put("verify", verify);
    root.put("ok", right());
    return root.toString();
  }
}
