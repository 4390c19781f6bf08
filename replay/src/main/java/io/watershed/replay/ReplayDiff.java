package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.LastPerKey;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScanRequest;
import io.watershed.query.ScannedRecord;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares the last record per key that a plan sends with what the target holds by its own archive,
 * before anything is sent: originals, without their envelopes. Keys are digests, in files; memory
 * is bounded. Thread-safe.
 *
 * <p>The target holds, per key, the newest version of all that is archived of it, as a consumer
 * that compares versions does; of versions without order, the one that was archived last. If the
 * plan has an order of its own, it is the last record by that order.
 */
public final class ReplayDiff {
  private final Reservoir reservoir;
  private final QueryEngine engine;
  private final Path temporary;

  /**
   * @param reservoir which has the archives of both streams; stays the caller's
   * @param engine over the same reservoir; stays the caller's
   * @param temporary a folder for files on their way, some 250 bytes for each key of the selection
   *     and each record of the target
   */
  public ReplayDiff(Reservoir reservoir, QueryEngine engine, Path temporary) {
    this.reservoir = reservoir;
    this.engine = engine;
    this.temporary = temporary;
  }

  /**
   * The difference in keys.
   *
   * @param targetStream the target's name in the reservoir
   * @param targetReceipt the cut of its archive that was compared
   * @param missing keys that the target does not have
   * @param same keys of which it holds the same payload
   * @param different keys of which it holds another one, older or of another stream
   * @param newer keys of which it holds a newer one
   * @param targetOnly keys that only the target has
   */
  public record Report(
      String targetStream,
      String targetReceipt,
      long missing,
      long same,
      long different,
      long newer,
      long targetOnly) {
    /** Keys of the selection. */
    public long keys() {
      return missing + same + different + newer;
    }
  }

  /**
   * Compares.
   *
   * @param plan one that compacts nothing is compared by the last record per partition key
   * @throws WatershedException {@code not-found} if the reservoir has no archive of the target,
   *     {@code invalid-input} if the plan changes the keys, and whatever a compacted scan throws
   */
  public Report compare(ReplayPlan plan) {
    LastPerKey last = plan.selection().last().orElseGet(LastPerKey::partitionKey);
    if (plan.delivery().partitionKey().isPresent() && last.isByPartitionKey()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "The plan changes partition keys, so there is no key to compare by",
          "Name a column that both streams have: --compact --key <expression>.");
    }
    String target = archiveOf(plan);
    ScanRequest planned =
        Planner.scanOf(plan).select(plan.selection().lastPer(last)).computing(List.of(last.key()));
    // Without an order of its own, a version says what is last there.
    RecordSelection held =
        last.orderBy().isPresent()
            ? RecordSelection.ALL.lastPer(
                new LastPerKey(last.key(), last.orderBy(), Optional.empty(), false))
            : RecordSelection.ALL;
    ScanRequest archived =
        new ScanRequest(target, held, List.of(last.key()), Optional.empty(), LiveMode.OFF);
    try {
      Files.createDirectories(temporary);
      Path folder = Files.createTempDirectory(temporary, "diff");
      try {
        VersionFiles ours = new VersionFiles(folder.resolve("selected"));
        String unused = add(planned, ours);
        VersionFiles theirs = new VersionFiles(folder.resolve("target"));
        String receipt = add(archived, theirs);
        return compare(target, receipt, ours, theirs);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "the comparison's files in " + temporary + " failed: " + e.getMessage(),
          "It needs space for 250 bytes a key.",
          e);
    }
  }

  private String archiveOf(ReplayPlan plan) {
    return reservoir.streams().stream()
        .filter(
            stream ->
                reservoir.archive(stream).load().incarnations().stream()
                    .anyMatch(i -> i.id().equals(plan.to().incarnation())))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "the reservoir has no archive of the target " + plan.to().incarnation(),
                    "Archive it there too, with 'watershed archive', or plan without --diff."));
  }

  /** Returns the receipt of the cut. */
  private String add(ScanRequest request, VersionFiles files) throws IOException {
    try (files;
        RecordScan scan = engine.scan(request)) {
      Iterator<ScannedRecord> rows = scan.rows(Optional.empty());
      while (rows.hasNext()) {
        ScannedRecord row = rows.next();
        Optional<String> key = row.values().get(0);
        if (key.isPresent()) {
          files.add(HeldVersion.of(key.get(), row.record()));
        }
      }
      return scan.receipt().id();
    }
  }

  private static Report compare(
      String target, String receipt, VersionFiles ours, VersionFiles theirs) throws IOException {
    long missing = 0;
    long same = 0;
    long different = 0;
    long newer = 0;
    long targetOnly = 0;
    for (int part = 0; part < VersionFiles.PARTS; part++) {
      Map<String, HeldVersion> held = theirs.read(part);
      for (HeldVersion planned : ours.read(part).values()) {
        HeldVersion there = held.remove(planned.key());
        if (there == null) {
          missing++;
        } else if (there.payload().equals(planned.payload())) {
          same++;
        } else if (there.isNewerThan(planned)) {
          newer++;
        } else {
          different++;
        }
      }
      targetOnly += held.size();
    }
    return new Report(target, receipt, missing, same, different, newer, targetOnly);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
