package io.watershed.archive.verify;

import io.watershed.archive.verify.ShardProof.StreamProof;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.time.RealScheduler;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks one stream's archive (PROTOCOL 3.7), from the table alone and against what the stream
 * still holds. Reads only; runs beside an archiver, on the snapshot that was current at its start.
 */
public final class Verify {
  private final Reservoir reservoir;

  /**
   * @param reservoir where the archive is
   * @param clock the time; nothing that is proved depends on it
   */
  @SuppressWarnings("unused") // gaps will be judged by age
  public Verify(Reservoir reservoir, InstantSource clock) {
    this.reservoir = reservoir;
  }

  /**
   * Verifies. Files whose records the stream still holds are read row by row whatever the depth:
   * only so the comparison with the stream is one of records, and not of two sums.
   *
   * @param stream the stream's name in the reservoir
   * @param depth how much of each file to read
   * @param source the stream, to compare with what it still holds; empty for the table alone
   * @throws WatershedException {@code not-found} if there is no archive; {@code store}, {@code
   *     unreachable} and the like if it cannot be read. What is wrong with the archive itself is in
   *     the report
   */
  public VerifyReport run(String stream, VerifyDepth depth, Optional<StreamSource> source) {
    ArchiveTable table =
        reservoir
            .find(stream)
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.NOT_FOUND,
                        "There is no archive of a stream named '" + stream + "'",
                        "watershed status lists the archived streams."));
    TableState state = table.load();
    try (ArchivedRows rows = new ArchivedRows(reservoir.store())) {
      return new Run(table, state, depth, rows).report(source);
    }
  }

  /** One verification. */
  private final class Run {
    private final ArchiveTable table;
    private final TableState state;
    private final VerifyDepth depth;
    private final ArchivedRows rows;
    private final Findings findings = new Findings();
    private final List<String> limits = new ArrayList<>();
    private final Map<ShardKey, List<ShardRange>> ranges = new TreeMap<>();
    private final Map<ShardKey, Boolean> tiled = new TreeMap<>();
    private final Map<ShardKey, StreamProof> streamProofs = new TreeMap<>();
    private final Set<String> touchedFiles = new HashSet<>();

    Run(ArchiveTable table, TableState state, VerifyDepth depth, ArchivedRows rows) {
      this.table = table;
      this.state = state;
      this.depth = depth;
      this.rows = rows;
    }

    VerifyReport report(Optional<StreamSource> source) {
      List<DataFileInfo> files = table.files(state);
      List<Footer> footers = new Footers(table, reservoir.store(), findings).read(files);
      checkTiles(footers);
      source.ifPresent(open -> checkStream(open, files));
      RowCheck rowCheck = new RowCheck(rows, findings);
      checkRows(footers, rowCheck);
      state.gaps().forEach(this::report);
      List<ShardProof> proofs =
          state.checkpoints().values().stream().map(c -> proof(c, rowCheck)).toList();
      return new VerifyReport(
          state.stream(),
          state.snapshotId(),
          files.size(),
          proofs.stream().mapToLong(ShardProof::rows).sum(),
          proofs.stream().mapToLong(ShardProof::rowsRead).sum(),
          streamProofs.values().stream().mapToLong(StreamProof::compared).sum(),
          streamProofs.values().stream().mapToLong(StreamProof::unproved).sum(),
          proofs,
          findings.gravestFirst(),
          findings.more(),
          limits);
    }

    private void checkTiles(List<Footer> footers) {
      Tiling tiling = new Tiling(findings);
      footers.forEach(tiling::add);
      tiling.checkStrangers(state.checkpoints());
      for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
        long before = findings.count();
        ranges.put(checkpoint.key(), tiling.check(checkpoint));
        tiled.put(checkpoint.key(), findings.count() == before);
      }
    }

    private void checkStream(StreamSource source, List<DataFileInfo> files) {
      Map<String, DataFileInfo> byKey = new LinkedHashMap<>();
      files.forEach(file -> byKey.put(file.key(), file));
      StreamDescription description = StreamFailure.join(source.describe());
      String incarnation = description.incarnation().id();
      try (RealScheduler scheduler = new RealScheduler("verify")) {
        StreamCheck check = streamCheck(source, scheduler, byKey);
        for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
          streamProofs.put(
              checkpoint.key(),
              checkpoint.key().incarnation().equals(incarnation)
                  ? check.check(checkpoint, ranges.getOrDefault(checkpoint.key(), List.of()))
                  : new StreamProof(
                      0, 0, checkpoint.rows(), "The shard is of an earlier stream of that name."));
        }
      }
      if (!StreamFailure.join(source.describe()).incarnation().equals(description.incarnation())) {
        throw new WatershedException(
            ErrorCode.STREAM_NOT_FOUND,
            "The stream was deleted and created again while it was compared",
            "Verify again.");
      }
      long unproved = streamProofs.values().stream().mapToLong(StreamProof::unproved).sum();
      if (unproved > 0) {
        limits.add(
            unproved
                + " archived records are no longer in the stream: nothing outside of the archive"
                + " can confirm them.");
      }
    }

    private StreamCheck streamCheck(
        StreamSource source, Scheduler scheduler, Map<String, DataFileInfo> byKey) {
      return new StreamCheck(source, scheduler, state, byKey, rows, findings, touchedFiles);
    }

    private void checkRows(List<Footer> footers, RowCheck rowCheck) {
      long unread = 0;
      for (Footer footer : footers) {
        if (depth == VerifyDepth.ROWS || touchedFiles.contains(footer.file().key())) {
          rowCheck.check(footer);
        } else {
          unread++;
        }
      }
      if (unread > 0) {
        limits.add(
            "The rows of " + unread + " files were not read: only their footers were checked.");
      }
    }

    private ShardProof proof(ShardCheckpoint checkpoint, RowCheck rowCheck) {
      ShardKey key = checkpoint.key();
      return new ShardProof(
          key,
          StreamCheck.text(checkpoint.after()),
          checkpoint.rows(),
          checkpoint.skipped(),
          checkpoint.digest(),
          ranges.getOrDefault(key, List.of()).size(),
          tiled.getOrDefault(key, false),
          rowCheck.rowsRead(key),
          Optional.ofNullable(streamProofs.get(key)));
    }

    private void report(Gap gap) {
      String from = gap.from().map(Instant::toString).orElse("an unknown time");
      String until = gap.until().map(Instant::toString).orElse("an unknown time");
      findings.add(
          Kind.GAP,
          gap.shard(),
          "Records after %s, from %s until %s, may be missing (%s)"
              .formatted(gap.afterPosition(), from, until, gap.reason()));
    }
  }
}
