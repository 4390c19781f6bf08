package io.watershed.archive.verify;

import io.watershed.archive.verify.ShardProof.StreamProof;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads again what the stream still holds up to the checkpoint, and compares it range by range with
 * the archive: by the sums, and where those differ record by record.
 */
final class StreamCheck {
  private final StreamSource source;
  private final Scheduler scheduler;
  private final TableState state;
  private final Map<String, DataFileInfo> files;
  private final ArchivedRows rows;
  private final Findings findings;
  private final Set<String> touchedFiles;

  /**
   * @param touchedFiles gets the keys of files whose ranges the stream still holds
   */
  StreamCheck(
      StreamSource source,
      Scheduler scheduler,
      TableState state,
      Map<String, DataFileInfo> files,
      ArchivedRows rows,
      Findings findings,
      Set<String> touchedFiles) {
    this.source = source;
    this.scheduler = scheduler;
    this.state = state;
    this.files = files;
    this.rows = rows;
    this.findings = findings;
    this.touchedFiles = touchedFiles;
  }

  /**
   * Compares one shard.
   *
   * @param ranges in order
   */
  StreamProof check(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
    Comparison comparison = new Comparison(checkpoint, ranges);
    try {
      readUpTo(checkpoint, comparison);
    } catch (StreamFailure e) {
      if (e.kind() == StreamFailure.Kind.NOT_FOUND) {
        return new StreamProof(
            0, 0, checkpoint.rows(), "The stream does not have this shard any more.");
      }
      throw e.toError();
    }
    return comparison.proof();
  }

  private void readUpTo(ShardCheckpoint checkpoint, Comparison comparison) {
    ShardReader reader =
        ShardReader.open(
            source,
            checkpoint.key().shardId(),
            new StartingPoint.TrimHorizon(),
            ShardReadSettings.DEFAULTS,
            scheduler,
            new Random());
    while (true) {
      ReadBatch batch = next(reader);
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
    } catch (java.util.concurrent.CompletionException e) {
      throw StreamFailure.of(e);
    }
  }

  private boolean isCopy(StreamRecord record) {
    return ReplayedCopies.isCopyOfArchived(
        record.payload(),
        key -> Optional.ofNullable(state.checkpoints().get(key)).map(ShardCheckpoint::after));
  }

  /** What the stream gives of one shard, beside the ranges of the archive. */
  private final class Comparison {
    private final ShardKey shard;
    private final long archived;
    private final List<ShardRange> ranges;
    private final TreeMap<ShardPosition, Streamed> inRange = new TreeMap<>();
    private Optional<ShardPosition> firstHeld = Optional.empty();
    private int at;
    private long compared;
    private long skipped;

    private record Streamed(RecordDigest digest, boolean copy) {}

    Comparison(ShardCheckpoint checkpoint, List<ShardRange> ranges) {
      this.shard = checkpoint.key();
      this.archived = checkpoint.rows();
      this.ranges = ranges;
    }

    void take(StreamRecord record) {
      ShardPosition position = record.position();
      firstHeld = firstHeld.or(() -> Optional.of(position));
      while (at < ranges.size() && position.compareTo(ranges.get(at).through()) > 0) {
        close(ranges.get(at++));
      }
      if (at >= ranges.size() || !ranges.get(at).holds(position)) {
        lost(position, "is in the stream, and no file's range covers it");
        return;
      }
      inRange.put(position, new Streamed(RecordDigest.of(record), isCopy(record)));
    }

    StreamProof proof() {
      while (at < ranges.size()) {
        close(ranges.get(at++));
      }
      long unproved = Math.max(0, archived - compared);
      String note =
          unproved == 0
              ? ""
              : "%d archived records are no longer in the stream.".formatted(unproved);
      return new StreamProof(compared, skipped, unproved, note);
    }

    private void close(ShardRange range) {
      if (firstHeld.isEmpty() || firstHeld.get().compareTo(range.through()) > 0) {
        inRange.clear();
        return;
      }
      touchedFiles.addAll(range.files());
      long copies = inRange.values().stream().filter(Streamed::copy).count();
      RecordDigest digest =
          inRange.values().stream()
              .filter(streamed -> !streamed.copy())
              .map(Streamed::digest)
              .reduce(RecordDigest.ZERO, RecordDigest::plus);
      if (inRange.size() - copies == range.rows() && digest.equals(range.digest())) {
        compared += range.rows();
        skipped += copies;
      } else {
        compareRecords(range);
      }
      inRange.clear();
    }

    private void compareRecords(ShardRange range) {
      Map<ShardPosition, RecordDigest> there = archivedRows(range);
      inRange.forEach(
          (position, streamed) -> {
            RecordDigest digest = there.remove(position);
            if (streamed.digest().equals(digest)) {
              compared++;
            } else if (digest == null && streamed.copy()) {
              skipped++;
            } else if (digest == null) {
              lost(position, "is in the stream and not in the archive");
            } else {
              lost(position, "is not archived as the stream holds it");
            }
          });
      there.keySet().stream()
          .filter(position -> position.compareTo(firstHeld.orElseThrow()) >= 0)
          .forEach(
              position ->
                  findings.add(
                      Kind.RECORD_FOREIGN,
                      shard,
                      "Position "
                          + position
                          + " is archived, but the stream, which holds those before it, does not"
                          + " have it"));
    }

    private Map<ShardPosition, RecordDigest> archivedRows(ShardRange range) {
      Map<ShardPosition, RecordDigest> there = new TreeMap<>();
      for (String key : new ArrayList<>(range.files())) {
        DataFileInfo file = files.get(key);
        if (file != null) {
          readInto(there, range, file);
        }
      }
      return there;
    }

    private void readInto(
        Map<ShardPosition, RecordDigest> there, ShardRange range, DataFileInfo file) {
      try {
        rows.read(
            file,
            (of, position, digest) -> {
              if (of.equals(shard) && range.holds(position)) {
                there.put(position, digest);
              }
            });
      } catch (io.watershed.core.error.WatershedException e) {
        if (e.code() != io.watershed.core.error.ErrorCode.INTEGRITY) {
          throw e;
        }
        findings.addFile(Kind.FILE_DAMAGED, file.key(), String.valueOf(e.getMessage()));
      }
    }

    private void lost(ShardPosition position, String how) {
      findings.add(Kind.RECORD_LOST, shard, "Position " + position + " " + how);
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
