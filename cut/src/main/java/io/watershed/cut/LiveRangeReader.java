package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.core.time.Scheduler;
import io.watershed.cut.LiveSide.LiveRead;
import io.watershed.kinesis.StreamSource;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Reads one shard's part of a cut again, where the cut was pinned by another process (PROTOCOL
 * 5.6). It gives exactly the pinned records or fails: what was trimmed since, a stream that was
 * made anew, and a deadline are errors, never fewer rows. Thread-safe.
 */
public final class LiveRangeReader {
  private static final HashRange ANY = new HashRange(BigInteger.ZERO, BigInteger.ZERO);

  private final LiveReadSettings settings;
  private final LiveSide liveSide;
  private final Awaiting awaiting;

  /**
   * @param scheduler timers and clock of live reads
   * @param random jitter, a generator per shard that is read
   * @param awaiting how the calling thread waits
   */
  public LiveRangeReader(
      LiveReadSettings settings,
      Scheduler scheduler,
      Supplier<RandomGenerator> random,
      Awaiting awaiting) {
    this.settings = settings;
    this.liveSide = new LiveSide(settings, scheduler, random);
    this.awaiting = awaiting;
  }

  /**
   * The records of the range, in order; kept copies are marked.
   *
   * @param archived how far each shard of the stream was archived when the cut was pinned: tells
   *     which replayed records are copies (PROTOCOL 6.7)
   * @throws WatershedException {@code gap} when the stream does not hold exactly these records any
   *     more, {@code limit} when they do not come within the live read's time
   */
  public List<StreamRecord> read(
      StreamSource source, LiveRange range, Function<ShardKey, Optional<After>> archived) {
    ShardKey shard = range.shard();
    ShardCheckpoint checkpoint =
        new ShardCheckpoint(
            new Shard(shard, List.of(), ANY),
            range.after(),
            range.completeThrough(),
            0,
            0,
            RecordDigest.ZERO,
            range.lastArrival());
    LiveRead live =
        awaiting.within(
            settings.timeout(),
            "the live read of " + shard.shardId(),
            liveSide.readThrough(
                source,
                Map.of(shard, checkpoint),
                archived,
                Map.of(shard, Optional.of(range.through())),
                HotAnswer.NONE,
                new LiveBudget(settings)));
    if (!live.incarnation().equals(shard.incarnation())) {
      throw gone(shard, "the stream was deleted and created again");
    }
    ShardTail tail = live.tails().get(shard);
    if (tail == null
        || !tail.last().equals(Optional.of(range.through()))
        || tail.records().size() != range.rows()
        || !digest(tail.records()).equals(range.digest())) {
      throw gone(shard, "the stream does not hold its records any more");
    }
    return tail.records();
  }

  private static RecordDigest digest(List<StreamRecord> records) {
    RecordDigest digest = RecordDigest.ZERO;
    for (StreamRecord record : records) {
      digest = digest.plus(RecordDigest.of(record));
    }
    return digest;
  }

  private static WatershedException gone(ShardKey shard, String why) {
    return new WatershedException(
        ErrorCode.GAP,
        "the statement's live part of " + shard.shardId() + " cannot be read any more: " + why,
        "Ask again: what was trimmed meanwhile is in the archive, if the archiver keeps up.");
  }
}
