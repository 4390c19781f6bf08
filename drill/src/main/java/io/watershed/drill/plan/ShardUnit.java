package io.watershed.drill.plan;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.LiveRange;
import java.time.Instant;
import java.util.Optional;

/**
 * One shard's live part of the cut, as text and numbers.
 *
 * @param incarnation the stream's incarnation
 * @param shardId the shard
 * @param after exclusive; {@value PositionText#START} or a position
 * @param completeThrough as ISO 8601; empty if unknown
 * @param lastArrival as ISO 8601; empty if unknown
 * @param through inclusive
 * @param rows exactly so many records
 * @param bytes payload bytes
 * @param digest the sum over the records
 */
public record ShardUnit(
    String incarnation,
    String shardId,
    String after,
    String completeThrough,
    String lastArrival,
    String through,
    long rows,
    long bytes,
    String digest)
    implements ScanUnit {

  /** Of a range. */
  public static ShardUnit of(LiveRange range) {
    return new ShardUnit(
        range.shard().incarnation(),
        range.shard().shardId(),
        PositionText.of(range.after()),
        range.completeThrough().map(Instant::toString).orElse(""),
        range.lastArrival().map(Instant::toString).orElse(""),
        range.through().text(),
        range.rows(),
        range.bytes(),
        range.digest().hex());
  }

  /** The range. */
  public LiveRange range() {
    return new LiveRange(
        new ShardKey(incarnation, shardId),
        PositionText.after(after),
        time(completeThrough),
        time(lastArrival),
        ShardPosition.parse(through),
        rows,
        bytes,
        RecordDigest.parse(digest));
  }

  private static Optional<Instant> time(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
  }
}
