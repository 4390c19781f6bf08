package io.watershed.archive.verify;

import io.watershed.archive.verify.LocalFiles.Local;
import io.watershed.archive.verify.ShardProof.StreamProof;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.archive.verify.VerifyListener.Phase;
import io.watershed.archive.verify.VerifyListener.Progress;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.duckdb.SqlText;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/**
 * Reads again what the stream still holds up to the checkpoint, and compares it record by record
 * with the archive, a window of positions at a time. Keeps digests only, so memory is bounded by
 * the window.
 */
final class StreamCheck {
  /** Records of a window. */
  private static final int WINDOW_RECORDS = 100_000;

  private static final PayloadLayout NO_COLUMNS = PayloadLayout.of(PayloadSchema.EMPTY);

  private final StreamSource source;
  private final Scheduler scheduler;
  private final TableState state;
  private final LocalFiles files;
  private final RowReader reader;
  private final Findings findings;
  private final VerifyOptions options;
  private final Set<String> damaged;
  private long read;

  /**
   * @param damaged keys of files that cannot be read, which are found already
   */
  StreamCheck(
      StreamSource source,
      Scheduler scheduler,
      TableState state,
      LocalFiles files,
      RowReader reader,
      Findings findings,
      VerifyOptions options,
      Set<String> damaged) {
    this.source = source;
    this.scheduler = scheduler;
    this.state = state;
    this.files = files;
    this.reader = reader;
    this.findings = findings;
    this.options = options;
    this.damaged = damaged;
  }

  /**
   * Compares one shard.
   *
   * @param ranges of its files
   */
  StreamProof check(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
    Comparison comparison = new Comparison(checkpoint, ranges);
    try {
      readUpTo(checkpoint, comparison);
      comparison.finish();
    } catch (StreamFailure e) {
      if (e.kind() == StreamFailure.Kind.NOT_FOUND) {
        return new StreamProof(
            0, 0, checkpoint.rows(), "The stream does not have this shard any more.");
      }
      throw e.toError();
    } finally {
      comparison.close();
    }
    return comparison.proof();
  }

  private void readUpTo(ShardCheckpoint checkpoint, Comparison comparison) {
    ShardReader shard =
        ShardReader.open(
            source,
            checkpoint.key().shardId(),
            new StartingPoint.TrimHorizon(),
            options.reads(),
            scheduler,
            new Random());
    while (true) {
      if (options.stop().getAsBoolean()) {
        throw Verify.cancelled();
      }
      ReadBatch batch = next(shard);
      read += batch.records().size();
      options.listener().progress(new Progress(Phase.STREAM, read, 0));
      for (StreamRecord record : batch.records()) {
        if (!checkpoint.after().covers(record.position())) {
          return;
        }
        comparison.take(record);
      }
      if (batch.endsShard() || batch.atTip()) {
        return;
      }
    }
  }

  private static ReadBatch next(ShardReader reader) {
    try {
      return reader.next().join();
    } catch (CompletionException e) {
      throw StreamFailure.of(e);
    }
  }

  private boolean isCopy(StreamRecord record) {
    return ReplayedCopies.isCopyOfArchived(
        record.payload(),
        key -> Optional.ofNullable(state.checkpoints().get(key)).map(ShardCheckpoint::after));
  }

  /** What the stream gives of one shard, beside what the archive has. */
  private final class Comparison {
    private final ShardKey shard;
    private final ShardCheckpoint checkpoint;
    private final List<ShardRange> ranges;
    private final TreeMap<ShardPosition, Streamed> window = new TreeMap<>();
    private final Map<String, Local> open = new HashMap<>();
    private Optional<ShardPosition> before = Optional.empty();
    private boolean started;
    private long compared;
    private long skipped;

    private record Streamed(RecordDigest digest, boolean copy) {}

    Comparison(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
      this.shard = checkpoint.key();
      this.checkpoint = checkpoint;
      this.ranges = ranges;
    }

    void take(StreamRecord record) {
      window.put(record.position(), new Streamed(RecordDigest.of(record), isCopy(record)));
      if (window.size() >= WINDOW_RECORDS) {
        compare(window.lastKey());
      }
    }

    /** The stream has nothing more up to the checkpoint, so neither may the archive. */
    void finish() {
      if (started || !window.isEmpty()) {
        checkpoint.after().lastPosition().ifPresent(this::compare);
      }
    }

    void close() {
      open.values().forEach(Local::close);
      open.clear();
    }

    StreamProof proof() {
      long unproved = Math.max(0, checkpoint.rows() - compared);
      String note =
          unproved == 0
              ? ""
              : "%d archived records are no longer in the stream.".formatted(unproved);
      return new StreamProof(compared, skipped, unproved, note);
    }

    /** Compares what lies after the last window, or from the first record held, up to here. */
    private void compare(ShardPosition through) {
      Optional<ShardPosition> first = started ? Optional.empty() : Optional.of(window.firstKey());
      Map<ShardPosition, RecordDigest> there = archived(first, through);
      window.forEach((position, streamed) -> compare(position, streamed, there.remove(position)));
      there
          .keySet()
          .forEach(
              position ->
                  findings.add(
                      Kind.RECORD_FOREIGN,
                      shard,
                      "Position "
                          + position
                          + " is archived, but the stream, which holds those before it, does not"
                          + " have it"));
      window.clear();
      started = true;
      before = Optional.of(through);
    }

    private void compare(
        ShardPosition position,
        Streamed streamed,
        @org.jspecify.annotations.Nullable RecordDigest digest) {
      if (streamed.digest().equals(digest)) {
        compared++;
      } else if (digest == null && streamed.copy()) {
        skipped++;
      } else {
        findings.add(
            Kind.RECORD_LOST,
            shard,
            "Position "
                + position
                + (digest == null
                    ? " is in the stream and not in the archive"
                    : " is not archived as the stream holds it"));
      }
    }

    private Map<ShardPosition, RecordDigest> archived(
        Optional<ShardPosition> first, ShardPosition through) {
      Map<ShardPosition, RecordDigest> there = new TreeMap<>();
      String where = condition(first, through);
      for (ShardRange range : ranges) {
        if (range.sums().rows() > 0
            && range.meets(before, through)
            && first.map(p -> p.compareTo(range.through()) <= 0).orElse(true)) {
          readInto(there, range.footer().file(), where, first, through);
        }
        if (range.through().compareTo(through) <= 0) {
          Optional.ofNullable(open.remove(range.file())).ifPresent(Local::close);
        }
      }
      return there;
    }

    /** Whole sequence numbers: what lies beyond on either side is sorted out in Java. */
    private String condition(Optional<ShardPosition> first, ShardPosition through) {
      String low =
          first.or(() -> before).map(p -> " AND _sequence_number >= " + quoted(p)).orElse("");
      return "_incarnation = "
          + SqlText.literal(shard.incarnation())
          + " AND _shard_id = "
          + SqlText.literal(shard.shardId())
          + low
          + " AND _sequence_number <= "
          + quoted(through);
    }

    private static String quoted(ShardPosition position) {
      return SqlText.literal(position.sequenceNumber().padded());
    }

    private void readInto(
        Map<ShardPosition, RecordDigest> there,
        DataFileInfo file,
        String where,
        Optional<ShardPosition> first,
        ShardPosition through) {
      if (damaged.contains(file.key())) {
        return;
      }
      try {
        Local local = open.computeIfAbsent(file.key(), key -> files.open(file));
        reader.read(
            local.path(),
            file.key(),
            NO_COLUMNS,
            where,
            (row, cells) -> {
              ShardPosition position = row.position();
              boolean inside =
                  first.map(p -> position.compareTo(p) >= 0).orElse(true)
                      && before.map(p -> position.compareTo(p) > 0).orElse(true)
                      && position.compareTo(through) <= 0;
              if (inside) {
                there.put(position, row.digest());
              }
            });
      } catch (WatershedException e) {
        if (e.code() != ErrorCode.INTEGRITY) {
          throw e;
        }
        damaged.add(file.key());
        findings.addFile(Kind.FILE_DAMAGED, file.key(), String.valueOf(e.getMessage()));
      }
    }
  }

  /** Text of a checkpoint for a report. */
  static String text(After after) {
    if (after instanceof After.At at) {
      return at.position().text();
    }
    return after.isEnd() ? "END" : "START";
  }
}
