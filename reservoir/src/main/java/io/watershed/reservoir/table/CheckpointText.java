package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The compact text of one checkpoint, gap or incarnation (PROTOCOL 2.1): words between single
 * spaces, {@code -} where there is nothing, times as RFC 3339.
 *
 * <ul>
 *   <li>checkpoint: {@code <after> <completeThrough> <lastArrival> <rows> <skipped> <digest> <hash
 *       range in hexadecimal> <parents>}, where after is {@code START}, {@code AT:<position>},
 *       {@code END} or {@code END:<position>}
 *   <li>gap: {@code <after position> <from> <until> <detected at> <reason>}
 *   <li>incarnation: {@code <created at> <ARN>}
 *   <li>dropped records: {@code <through position> <rows> <skipped> <digest>}
 * </ul>
 */
final class CheckpointText {
  private static final String NOTHING = "-";
  private static final int HEX = 16;

  private CheckpointText() {}

  static String write(ShardCheckpoint checkpoint) {
    Shard shard = checkpoint.shard();
    return String.join(
        " ",
        write(checkpoint.after()),
        write(checkpoint.completeThrough()),
        write(checkpoint.lastArrival()),
        Long.toString(checkpoint.rows()),
        Long.toString(checkpoint.skipped()),
        checkpoint.digest().hex(),
        shard.hashRange().first().toString(HEX) + ":" + shard.hashRange().last().toString(HEX),
        shard.parents().isEmpty() ? NOTHING : String.join(",", shard.parents()));
  }

  static ShardCheckpoint readCheckpoint(ShardKey key, String text) {
    return reading(
        "checkpoint of " + key,
        () -> {
          String[] words = words(text, 8);
          String[] range = words[6].split(":", 2);
          HashRange hashes =
              new HashRange(new BigInteger(range[0], HEX), new BigInteger(range[1], HEX));
          List<String> parents =
              words[7].equals(NOTHING) ? List.of() : List.of(words[7].split(","));
          return new ShardCheckpoint(
              new Shard(key, parents, hashes),
              readAfter(words[0]),
              readInstant(words[1]),
              Long.parseLong(words[3]),
              Long.parseLong(words[4]),
              RecordDigest.parse(words[5]),
              readInstant(words[2]));
        });
  }

  static String write(Gap gap) {
    return String.join(
        " ",
        gap.afterPosition(),
        write(gap.from()),
        write(gap.until()),
        gap.detectedAt().toString(),
        gap.reason().replaceAll("\\s+", " "));
  }

  static Gap readGap(ShardKey key, String text) {
    return reading(
        "gap of " + key,
        () -> {
          String[] words = words(text, 5);
          return new Gap(
              key,
              words[0],
              readInstant(words[1]),
              readInstant(words[2]),
              words[4],
              Instant.parse(words[3]));
        });
  }

  static String write(DroppedRecords dropped) {
    return String.join(
        " ",
        dropped.through().text(),
        Long.toString(dropped.rows()),
        Long.toString(dropped.skipped()),
        dropped.digest().hex());
  }

  static DroppedRecords readDropped(ShardKey key, String text) {
    return reading(
        "record of what was dropped of " + key,
        () -> {
          String[] words = words(text, 4);
          return new DroppedRecords(
              ShardPosition.parse(words[0]),
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              RecordDigest.parse(words[3]));
        });
  }

  static String write(Incarnation incarnation) {
    return incarnation.createdAt() + " " + incarnation.arn();
  }

  static Incarnation readIncarnation(String text) {
    return reading(
        "incarnation",
        () -> {
          String[] words = words(text, 2);
          return new Incarnation(words[1], Instant.parse(words[0]));
        });
  }

  private static String write(After after) {
    if (after instanceof After.At at) {
      return "AT:" + at.position().text();
    }
    if (after instanceof After.End end) {
      return "END" + end.last().map(position -> ":" + position.text()).orElse("");
    }
    return "START";
  }

  private static After readAfter(String text) {
    if (text.equals("START")) {
      return new After.Start();
    }
    if (text.equals("END")) {
      return new After.End(Optional.empty());
    }
    if (text.startsWith("END:")) {
      return new After.End(Optional.of(ShardPosition.parse(text.substring(4))));
    }
    if (text.startsWith("AT:")) {
      return new After.At(ShardPosition.parse(text.substring(3)));
    }
    throw new IllegalArgumentException("'" + text + "' is no START, AT or END");
  }

  private static String write(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(NOTHING);
  }

  private static Optional<Instant> readInstant(String text) {
    return text.equals(NOTHING) ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  /** The last word takes the rest of the line. */
  private static String[] words(String text, int count) {
    String[] words = text.split(" ", count);
    if (words.length != count) {
      throw new IllegalArgumentException(words.length + " words instead of " + count);
    }
    return words;
  }

  private static <T> T reading(String what, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The " + what + " in the table's properties cannot be read: " + e.getMessage(),
          "Another tool changed the table's 'watershed.' properties, or a newer watershed did.",
          e);
    }
  }

  private interface Reading<T> {
    T read();
  }
}
