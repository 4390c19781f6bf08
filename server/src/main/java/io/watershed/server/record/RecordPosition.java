package io.watershed.server.record;

import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.server.http.Problem;

/**
 * Where a record is, in one word: {@code shard:sequence}, with {@code :sub} for one of several in
 * an aggregated record.
 */
record RecordPosition(String shard, ShardPosition position) {
  /**
   * Reads {@link #text()}; {@code .sub} does too.
   *
   * @throws Problem 400
   */
  static RecordPosition parse(String text, String name) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || parts.length > 3 || parts[0].isBlank()) {
      throw wrong(name);
    }
    try {
      String position = parts.length == 3 ? parts[1] + "." + parts[2] : parts[1];
      return new RecordPosition(parts[0], ShardPosition.parse(position));
    } catch (WatershedException | IllegalArgumentException e) {
      throw wrong(name);
    }
  }

  private static Problem wrong(String name) {
    return Problem.badRequest(
        "'" + name + "' is not a position",
        "Write shard:sequence, or shard:sequence:sub, such as shardId-000000000001:4959… .");
  }

  String text() {
    return shard
        + ":"
        + position.sequenceNumber().decimal()
        + (position.subSequenceNumber() == 0 ? "" : ":" + position.subSequenceNumber());
  }
}
