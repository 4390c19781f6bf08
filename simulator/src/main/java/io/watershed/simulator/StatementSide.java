package io.watershed.simulator;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.CutFile;
import io.watershed.cut.CutResolver;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.HotTail;
import io.watershed.cut.LiveMode;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.OutsideRows;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipts;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamSide;
import io.watershed.cut.condition.Conditions;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What a statement does before its SQL runs, by the real resolver: a cut, and the records that its
 * scans would see. Only the rows of data files are read in a way of our own.
 */
final class StatementSide {
  private static final LiveReadSettings LIMITS =
      new LiveReadSettings(
          100_000, 64L << 20, Duration.ofSeconds(90), Duration.ofMillis(500), 100, 3);

  private final ArchiveTable table;
  private final Supplier<StreamSource> sources;
  private final ArchivedRows rows;
  private final CutResolver cuts;
  private final Receipts receipts;

  /** A statement's cut, as its receipt tells it, and the records that it saw. */
  record Answer(PinnedStream pinned, List<StreamRecord> records) {}

  /**
   * @param sources a new one for each statement: a source is tied to one incarnation
   */
  StatementSide(
      SimulatedProcess process,
      ObjectStore store,
      ArchiveTable table,
      Supplier<StreamSource> sources,
      ArchivedRows rows,
      Random random) {
    this.table = table;
    this.sources = sources;
    this.rows = rows;
    this.cuts =
        new CutResolver(
            LIMITS,
            process,
            () -> new Random(random.nextLong()),
            new FileSumsCache(Runnable::run),
            this::firstLater,
            new FiberAwaiting(process));
    this.receipts = new Receipts(store, "simulator");
  }

  /** A fresh cut: of all there is, or of what had arrived by a time. */
  Answer ask(LiveMode mode, Optional<Instant> until) {
    ResolvedStream resolved = cuts.resolve(side(), mode, until, LiveNeed.ALL, cuts.newStatement());
    return new Answer(printed(resolved.pinned(), until), records(resolved));
  }

  /** The cut of an earlier answer. */
  Answer repeat(PinnedStream pinned) {
    ResolvedStream resolved =
        cuts.repeat(side(), pinned, LiveMode.REQUIRE, LiveNeed.ALL, cuts.newStatement());
    return new Answer(pinned, records(resolved));
  }

  private StreamSide side() {
    Optional<ArchiveTable> existing = table.exists() ? Optional.of(table) : Optional.empty();
    return new StreamSide(
        SimulatedStream.NAME,
        existing,
        Optional.of(sources.get()),
        PayloadFormat.JSON,
        HotTail.NONE,
        Conditions.NONE);
  }

  /** Through its text, as a person would give it back. */
  private PinnedStream printed(PinnedStream pinned, Optional<Instant> until) {
    String body = receipts.print(Instant.EPOCH, until, List.of(pinned)).body();
    return receipts.find(body).find(SimulatedStream.NAME).orElseThrow();
  }

  private List<StreamRecord> records(ResolvedStream resolved) {
    List<StreamRecord> records = new ArrayList<>();
    for (CutFile file : resolved.files()) {
      for (StreamRecord record : rows(file.file())) {
        if (!file.filtered() || !isOutside(record, resolved.outside())) {
          records.add(record);
        }
      }
    }
    records.addAll(resolved.live());
    return records;
  }

  private static boolean isOutside(StreamRecord record, List<OutsideRows> outside) {
    return outside.stream()
        .filter(rows -> rows.shard().equals(record.shard()))
        .anyMatch(
            rows -> rows.after().map(after -> record.position().compareTo(after) > 0).orElse(true));
  }

  private Map<ShardKey, SequenceNumber> firstLater(List<DataFileInfo> files, Instant time) {
    Map<ShardKey, SequenceNumber> found = new HashMap<>();
    for (DataFileInfo file : files) {
      for (StreamRecord record : rows(file)) {
        if (record.arrivalTime().isAfter(time)) {
          found.merge(
              record.shard(),
              record.position().sequenceNumber(),
              (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
      }
    }
    return found;
  }

  private List<StreamRecord> rows(DataFileInfo file) {
    return rows.of(file.key())
        .orElseThrow(() -> new IllegalStateException("the data file of a snapshot is gone"));
  }
}
