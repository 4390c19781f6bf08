package io.watershed.drill.plan;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/** How far shards are archived, as text. */
final class PositionText {
  static final String START = "START";
  static final String END = "END";

  private PositionText() {}

  /** START, a position, or END and then the last position. */
  static String of(After after) {
    String position = after.lastPosition().map(ShardPosition::text).orElse("");
    return after.isEnd() ? END + position : position.isEmpty() ? START : position;
  }

  static After after(String text) {
    if (text.equals(START)) {
      return new After.Start();
    }
    if (text.startsWith(END)) {
      String last = text.substring(END.length());
      return new After.End(
          last.isEmpty() ? Optional.empty() : Optional.of(ShardPosition.parse(last)));
    }
    return new After.At(ShardPosition.parse(text));
  }
}
