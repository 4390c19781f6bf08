package io.watershed.query.follow;

import io.watershed.core.config.TimeText;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** Where following begins, as people write it. */
public final class FollowStartText {
  /** Every shard id of Kinesis begins so. */
  private static final String SHARD_PREFIX = "shardId-";

  private FollowStartText() {}

  /**
   * Parses {@code now}, {@code start}, a time ({@link TimeText}), a place ({@link
   * FollowPlace#text}), or {@code shard:sequence}, several with commas.
   *
   * @throws WatershedException {@code usage}, {@code invalid-input}
   */
  public static FollowStart parse(String from, InstantSource clock) {
    String text = from.strip();
    if (text.equals("now")) {
      return new FollowStart.Now();
    }
    if (text.equals("start")) {
      return new FollowStart.Earliest();
    }
    if (FollowPlace.isPlace(text)) {
      return new FollowStart.At(FollowPlace.parse(text));
    }
    if (text.startsWith(SHARD_PREFIX)) {
      return new FollowStart.Positions(positions(text));
    }
    Instant time = TimeText.parse(text, clock);
    if (time.isAfter(clock.instant())) {
      throw new WatershedException(
          ErrorCode.USAGE, "--from " + text + " is in the future", "Leave it out for now.");
    }
    return new FollowStart.Since(time);
  }

  private static Map<String, ShardPosition> positions(String text) {
    Map<String, ShardPosition> after = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      String[] names = part.strip().split(":", -1);
      if (names.length != 2 || !names[0].startsWith(SHARD_PREFIX)) {
        throw new WatershedException(
            ErrorCode.USAGE,
            "'" + part.strip() + "' is not a shard and a sequence number",
            "Write shardId-000000000001:4959…, with the digits of _sequence_number.");
      }
      if (after.put(names[0], ShardPosition.parse(names[1])) != null) {
        throw new WatershedException(
            ErrorCode.USAGE, "--from names " + names[0] + " twice", "Name each shard once.");
      }
    }
    return after;
  }
}
