package io.watershed.archive.verify;

import io.watershed.archive.verify.ShardProof.StreamProof;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.ForeignChange;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks one stream's archive (PROTOCOL 3.7), from the table alone and against what the stream
 * still holds. Reads only; runs beside an archiver, on the snapshot that was current at its start.
 * Memory does not grow with the records, only with the number of files.
 */
public final class Verify {
  /** Positions that wait for files with overlapping ranges; beyond, they wait on disk. */
  private static final long POSITION_MEMORY_BYTES = 64L << 20;

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
   * Verifies JSON payloads, at the default pace.
   *
   * @param source the stream, to compare with what it still holds; empty for the table alone
   * @throws WatershedException as {@link #run(String, VerifyOptions)}
   */
  public VerifyReport run(String stream, VerifyDepth depth, Optional<StreamSource> source) {
    VerifyOptions options = VerifyOptions.of(depth);
    return run(stream, source.map(options::against).orElse(options));
  }

  /**
   * Verifies.
   *
   * @param stream the stream's name in the reservoir
   * @throws WatershedException {@code not-found} if there is no archive; {@code store}, {@code
   *     unreachable} and the like if it cannot be read; {@code cancelled} if it was stopped. What
   *     is wrong with the archive itself is in the report
   */
  public VerifyReport run(String stream, VerifyOptions options) {
    ArchiveTable table = reservoir.archive(stream);
    Findings findings = new Findings();
    Optional<TableState> state = load(table, findings);
    if (state.isEmpty()) {
      return nothing(stream, findings);
    }
    try (ScratchFolder temporary = ScratchFolder.temporary("verify");
        RowReader reader = new RowReader()) {
      return new Run(table, state.get(), options, findings, reader, temporary.path()).report();
    }
  }

  /** The state to check: where another tool changed the table, the one that watershed left. */
  private static Optional<TableState> load(ArchiveTable table, Findings findings) {
    try {
      return Optional.of(table.load());
    } catch (WatershedException e) {
      if (e.code() == ErrorCode.INTEGRITY) {
        findings.add(Kind.METADATA_DAMAGED, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
      if (e.code() != ErrorCode.FOREIGN_SNAPSHOT) {
        throw e;
      }
    }
    Optional<ForeignChange> change = table.foreignChange();
    if (change.isEmpty()) {
      return Optional.of(table.load());
    }
    report(change.get(), findings);
    return change.get().own();
  }

  private static void report(ForeignChange change, Findings findings) {
    findings.add(Kind.FOREIGN_SNAPSHOT, change.message());
    change
        .added()
        .forEach(file -> findings.addFile(Kind.FILE_FOREIGN, file, "Another tool added this file"));
    change
        .removed()
        .forEach(
            file ->
                findings.addFile(
                    Kind.FILE_MISSING, file, "Another tool took this file out of the table"));
    if (change.deleteFiles() > 0) {
      findings.add(
          Kind.FOREIGN_SNAPSHOT,
          "Another tool deleted rows by " + change.deleteFiles() + " delete files");
    }
  }

  private static VerifyReport nothing(String stream, Findings findings) {
    return new VerifyReport(
        stream,
        java.util.OptionalLong.empty(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        findings.gravestFirst(),
        findings.more(),
        List.of("No data file was checked."));
  }

  static WatershedException cancelled() {
    return new WatershedException(
        ErrorCode.CANCELLED, "Stopped before everything was verified", "Start it again.");
  }

  /** One verification. */
  private final class Run {
    private final ArchiveTable table;
    private final TableState state;
    private final VerifyOptions options;
    private final Findings findings;
    private final LocalFiles localFiles;
    private final RowReader reader;
    private final RowsCheck rowsCheck;
    private final List<String> limits = new ArrayList<>();
    private final Map<ShardKey, List<ShardRange>> ranges = new TreeMap<>();
    private final Map<ShardKey, Boolean> tiled = new TreeMap<>();
    private final Map<ShardKey, StreamProof> streamProofs = new TreeMap<>();

    Run(
        ArchiveTable table,
        TableState state,
        VerifyOptions options,
        Findings findings,
        RowReader reader,
        Path temporary) {
      this.table = table;
      this.state = state;
      this.options = options;
      this.findings = findings;
      this.reader = reader;
      this.localFiles = new LocalFiles(reservoir.store(), temporary);
      FileCheck fileCheck =
          new FileCheck(
              localFiles,
              reader,
              state.schema(),
              options,
              new RunMemory(temporary, POSITION_MEMORY_BYTES),
              findings);
      this.rowsCheck = new RowsCheck(fileCheck, findings, options);
    }

    VerifyReport report() {
      List<DataFileInfo> files = files();
      List<Footer> footers = new Footers(table, findings, options).read(files);
      if (options.allDays()) {
        checkTiles(footers);
      } else {
        limits.add("Only some days were checked: nothing says that no file is missing.");
      }
      if (options.depth() == VerifyDepth.ROWS) {
        rowsCheck.check(footers);
      } else if (!footers.isEmpty()) {
        limits.add(
            "The rows of %d files were not read: only their footers were checked."
                .formatted(footers.size()));
      }
      options.source().ifPresent(this::checkStream);
      state.gaps().forEach(this::report);
      List<ShardProof> proofs = state.checkpoints().values().stream().map(this::proof).toList();
      return new VerifyReport(
          state.stream(),
          state.snapshotId(),
          files.size(),
          proofs.stream().mapToLong(ShardProof::rows).sum(),
          proofs.stream().mapToLong(ShardProof::rowsRead).sum(),
          rowsCheck.fileBytes(),
          rowsCheck.payloadBytes(),
          streamProofs.values().stream().mapToLong(StreamProof::compared).sum(),
          streamProofs.values().stream().mapToLong(StreamProof::unproved).sum(),
          proofs,
          findings.gravestFirst(),
          findings.more(),
          limits);
    }

    private List<DataFileInfo> files() {
      try {
        return table.files(state).stream().filter(file -> options.wants(file.day())).toList();
      } catch (WatershedException e) {
        if (e.code() != ErrorCode.INTEGRITY) {
          throw e;
        }
        findings.add(Kind.METADATA_DAMAGED, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        // Iceberg and Avro: a manifest that is gone, or is none.
        findings.add(Kind.METADATA_DAMAGED, "The list of files cannot be read: " + e.getMessage());
      }
      return List.of();
    }

    private void checkTiles(List<Footer> footers) {
      Tiling tiling = new Tiling(findings, state.dropped().shards());
      footers.forEach(tiling::add);
      tiling.checkStrangers(state.checkpoints());
      for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
        long before = findings.count();
        ranges.put(checkpoint.key(), tiling.check(checkpoint));
        tiled.put(checkpoint.key(), findings.count() == before);
      }
    }

    private void checkStream(StreamSource source) {
      StreamDescription description = StreamFailure.join(source.describe());
      String incarnation = description.incarnation().id();
      Set<String> damaged = new HashSet<>();
      findings
          .gravestFirst()
          .forEach(
              finding -> {
                if (finding.kind() == Kind.FILE_DAMAGED) {
                  finding.file().ifPresent(damaged::add);
                }
              });
      try (RealScheduler scheduler = new RealScheduler("verify")) {
        StreamCheck check =
            new StreamCheck(
                source, scheduler, state, localFiles, reader, findings, options, damaged);
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

    private ShardProof proof(ShardCheckpoint checkpoint) {
      ShardKey key = checkpoint.key();
      return new ShardProof(
          key,
          StreamCheck.text(checkpoint.after()),
          checkpoint.rows(),
          checkpoint.skipped(),
          checkpoint.digest(),
          ranges.getOrDefault(key, List.of()).size(),
          tiled.getOrDefault(key, false),
          rowsCheck.rowsRead(key),
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
