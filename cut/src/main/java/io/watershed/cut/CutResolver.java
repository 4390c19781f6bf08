package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.GuardedShredder;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.cut.LiveSide.LiveRead;
import io.watershed.cut.NextCommit.Archived;
import io.watershed.cut.prune.FileConditions;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DroppedRecords;
import io.watershed.reservoir.table.FilePredicate;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Resolves a stream's cut for one statement (PROTOCOL 5.1): the archive's checkpoints first, then
 * the live side after them, then the through-positions are frozen. In this order nothing is read
 * twice, and the only hole is what the stream trimmed in between. Thread-safe.
 */
public final class CutResolver {
  /** With live {@code auto}, these mean that there is no live side to read. */
  private static final Set<ErrorCode> NO_LIVE_SIDE =
      EnumSet.of(
          ErrorCode.STREAM_NOT_FOUND,
          ErrorCode.UNREACHABLE,
          ErrorCode.CREDENTIALS,
          ErrorCode.ACCESS_DENIED,
          ErrorCode.CONFIG);

  /** Commits that tell how fast a stream grows. */
  private static final Duration RECENT = Duration.ofDays(1);

  private final LiveReadSettings settings;
  private final Scheduler scheduler;
  private final LiveSide liveSide;
  private final CutRepeater repeater;
  private final CutFiles files;
  private final ArrivalSearch arrivals;
  private final Awaiting awaiting;
  private final NextCommit nextCommit;

  /**
   * @param scheduler timers and clock of live reads
   * @param random jitter, a generator per shard that is read
   * @param rows looks for arrival times in data files
   * @param awaiting how the calling thread waits for a live read
   */
  public CutResolver(
      LiveReadSettings settings,
      Scheduler scheduler,
      Supplier<RandomGenerator> random,
      FileSumsCache sums,
      ArchivedPositions rows,
      Awaiting awaiting) {
    this.settings = settings;
    this.scheduler = scheduler;
    this.liveSide = new LiveSide(settings, scheduler, random);
    this.files = new CutFiles(sums);
    this.repeater = new CutRepeater(settings, liveSide, files, awaiting);
    this.arrivals = new ArrivalSearch(sums, rows);
    this.awaiting = awaiting;
    this.nextCommit = new NextCommit(scheduler, awaiting, settings.timeout());
  }

  /** The bounds that all live reads of one statement share. */
  public LiveReads newStatement() {
    return new LiveReads(new LiveBudget(settings));
  }

  /** What one statement may still read of live sides. */
  public static final class LiveReads {
    private final LiveBudget budget;

    private LiveReads(LiveBudget budget) {
      this.budget = budget;
    }

    LiveBudget budget() {
      return budget;
    }

    /** The same for a read whose records count against this claim, too. */
    LiveReads on(LiveMemory.Claim claim) {
      return new LiveReads(budget.on(claim));
    }
  }

  /**
   * A fresh cut.
   *
   * @param until the time that the cut is chosen by; empty for the tip
   * @param need what the statement needs: the cut ends at the checkpoints of other shards
   * @throws WatershedException {@code limit}, errors of store and stream; {@code gap} when the
   *     archive's retention has dropped what had arrived by then
   */
  public ResolvedStream resolve(
      StreamSide side, LiveMode mode, Optional<Instant> until, LiveNeed need, LiveReads reads) {
    return withFiles(resolveSides(side, mode, until, need, reads), side);
  }

  /** The same without its files, which depend on a statement's conditions. */
  ResolvedStream resolveSides(
      StreamSide side, LiveMode mode, Optional<Instant> until, LiveNeed need, LiveReads reads) {
    if (mode == LiveMode.OFF || (mode == LiveMode.AUTO && side.source().isEmpty())) {
      return archiveOnly(side, until, List.of());
    }
    StreamSource source =
        side.source()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.STREAM_NOT_FOUND,
                        "no live side is configured for the stream '" + side.stream() + "'",
                        "Add it to the configuration, or ask the archive alone with --live off."));
    try {
      return withLive(side, source, until, need, reads);
    } catch (WatershedException e) {
      if (mode == LiveMode.REQUIRE || side.table().isEmpty() || !NO_LIVE_SIDE.contains(e.code())) {
        throw e;
      }
      return archiveOnly(
          side,
          until,
          List.of(
              "The live side of '"
                  + side.stream()
                  + "' was not read ("
                  + e.getMessage()
                  + "): the answer ends at the archive's checkpoints."));
    }
  }

  /**
   * The cut of a receipt, answered by what the archive and the stream hold now (PROTOCOL 5.2).
   *
   * @param need what this statement needs, which may be other than that of the receipt's
   * @throws WatershedException {@code gap} when something of it is gone, {@code invalid-input} when
   *     the receipt's statement did not read what this one needs
   */
  public ResolvedStream repeat(
      StreamSide side, PinnedStream pinned, LiveMode mode, LiveNeed need, LiveReads reads) {
    pinned.requireWhatIsNeeded(need);
    return repeater.repeat(side, pinned, mode, reads.budget());
  }

  private ResolvedStream archiveOnly(
      StreamSide side, Optional<Instant> until, List<String> notices) {
    ArchiveTable table =
        side.table()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.NOT_FOUND,
                        "nothing of the stream '" + side.stream() + "' is archived",
                        "Start its archiver, or allow a live read."));
    Optional<TableState> state = Optional.of(table.load());
    LiveRead nothing =
        new LiveRead("", Lineage.EMPTY, Map.of(), List.of(), Map.of(), LiveEstimate.NOTHING);
    return freeze(side, state, timeCut(side, state, until), nothing, notices);
  }

  /** Where the time ends the archived side. Thread blocks while data files are looked into. */
  private TimeCut timeCut(StreamSide side, Optional<TableState> state, Optional<Instant> until) {
    if (until.isEmpty()) {
      return TimeCut.TIP;
    }
    if (state.isEmpty()) {
      return new TimeCut(until, Map.of(), Set.of());
    }
    Optional<Instant> kept =
        state.get().dropped().before().map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    if (kept.filter(until.get()::isBefore).isPresent()) {
      throw new WatershedException(
          ErrorCode.GAP,
          "the archive's retention has dropped records of '"
              + side.stream()
              + "' that arrived before "
              + kept.get(),
          "Ask for a later time than " + until.get() + ".");
    }
    return TimeCut.of(
        until.get(),
        arrivals.firstLater(side.table().orElseThrow(), state.get(), until.get()),
        state.get().checkpoints());
  }

  private ResolvedStream withLive(
      StreamSide side,
      StreamSource source,
      Optional<Instant> until,
      LiveNeed need,
      LiveReads reads) {
    Instant begun = scheduler.instant();
    Archived archived = archived(side, until, need, begun);
    Optional<TableState> state = archived.state();
    for (int attempt = 1; ; attempt++) {
      Map<ShardKey, ShardCheckpoint> checkpoints = checkpoints(state);
      TimeCut time = timeCut(side, state, until);
      LiveRead live =
          awaiting.within(
              settings.timeout(),
              "the live read of '" + side.stream() + "'",
              liveSide.readToTip(
                  source,
                  checkpoints,
                  time,
                  need,
                  HotSide.ask(side, state, source),
                  begun,
                  archived.wanted(),
                  forecast(side, state),
                  reads.budget()));
      List<StreamRecord> replayed = records(live).stream().filter(CutResolver::mayBeACopy).toList();
      boolean settled = live.gaps().isEmpty() && replayed.isEmpty();
      if (settled || attempt >= settings.resolveAttempts()) {
        return freeze(side, state, time, live, List.of());
      }
      Optional<TableState> newer = side.table().map(ArchiveTable::load);
      if (newer.map(TableState::metadataVersion).equals(state.map(TableState::metadataVersion))) {
        return freeze(side, state, time, live, List.of());
      }
      // Trimmed since the checkpoint was read: the archive may hold it by now (PROTOCOL 5.2). And
      // what was replayed meanwhile is a copy of a record that only the newer checkpoints cover
      // (PROTOCOL 6.7): the archiver will leave it out, so a receipt must not count it.
      if (live.gaps().isEmpty() && replayed.stream().noneMatch(isCopyIn(newer))) {
        return freeze(side, state, time, live, List.of());
      }
      state = newer;
    }
  }

  private Archived archived(
      StreamSide side, Optional<Instant> until, LiveNeed need, Instant begun) {
    Optional<OwnArchiver> archiver =
        until.isEmpty() && need.isWhole() ? side.hotTail().own() : Optional.empty();
    return archiver.isPresent() && side.table().isPresent()
        ? nextCommit.await(side.table().get(), archiver.get(), begun)
        : new Archived(side.table().map(ArchiveTable::load), Map.of());
  }

  private static Map<ShardKey, ShardCheckpoint> checkpoints(Optional<TableState> state) {
    return state.<Map<ShardKey, ShardCheckpoint>>map(TableState::checkpoints).orElse(Map.of());
  }

  private static boolean mayBeACopy(StreamRecord record) {
    return !record.isCopy() && ReplayedCopies.isReplayed(record.payload());
  }

  private static Predicate<StreamRecord> isCopyIn(Optional<TableState> state) {
    Map<ShardKey, ShardCheckpoint> checkpoints = checkpoints(state);
    return record ->
        ReplayedCopies.isCopyOfArchived(
            record.payload(),
            key -> Optional.ofNullable(checkpoints.get(key)).map(ShardCheckpoint::after));
  }

  private LiveForecast forecast(StreamSide side, Optional<TableState> state) {
    Instant since = scheduler.instant().minus(RECENT);
    return new LiveForecast(
        settings,
        state.isEmpty() ? List.of() : side.table().orElseThrow().appendsSince(state.get(), since));
  }

  private ResolvedStream freeze(
      StreamSide side,
      Optional<TableState> state,
      TimeCut time,
      LiveRead live,
      List<String> notices) {
    List<StreamRecord> records = records(live);
    PayloadSchema archived = state.map(TableState::schema).orElse(PayloadSchema.EMPTY);
    PayloadSchema physical = grow(archived, side.format(), records);
    List<Gap> gaps = new ArrayList<>(state.map(TableState::gaps).orElse(List.of()));
    gaps.addAll(live.gaps());
    PinnedStream pinned =
        new PinnedStream(
            side.stream(),
            state.map(TableState::tableUuid).orElse(PinnedStream.NO_TABLE),
            state.map(TableState::snapshotId).orElse(OptionalLong.empty()),
            new TreeMap<>(pin(state, time, live)),
            LogicalSchema.of(physical),
            gaps);
    List<OutsideRows> outside =
        time.until().isEmpty() || state.isEmpty()
            ? List.of()
            : CutFiles.outside(pinned, state.get().checkpoints());
    return new ResolvedStream(
        pinned,
        state,
        List.of(),
        outside,
        Collections.unmodifiableList(records),
        physical,
        side.format(),
        live.estimate(),
        notices);
  }

  /** The cut with the data files that the side's conditions need. */
  ResolvedStream withFiles(ResolvedStream cut, StreamSide side) {
    FilePredicate needed =
        new FileConditions(cut.pinned().schema(), cut.physical()).predicate(side.conditions());
    return cut.state()
        .map(state -> cut.withFiles(files.of(side, state, needed, cut.outside())))
        .orElse(cut);
  }

  static List<StreamRecord> records(LiveRead live) {
    List<StreamRecord> records = new ArrayList<>();
    live.tails().values().forEach(tail -> records.addAll(tail.records()));
    return records;
  }

  /** The table's columns, declared ones, and those that the archiver would add for the records. */
  public static PayloadSchema grow(
      PayloadSchema archived, PayloadFormat format, List<StreamRecord> records) {
    SchemaSettings bounds = format.schema(SchemaSettings.DEFAULTS);
    if (records.isEmpty()) {
      return archived.grow(Observations.NONE, bounds);
    }
    PayloadLayout layout = PayloadLayout.of(archived);
    Shredder shredder = new GuardedShredder(format.shredder(layout, bounds), layout);
    for (StreamRecord record : records) {
      shredder.shred(record.payload());
    }
    return archived.grow(shredder.observations(), bounds);
  }

  private static Map<ShardKey, PinnedShard> pin(
      Optional<TableState> state, TimeCut time, LiveRead live) {
    TreeMap<ShardKey, PinnedShard> pinned = new TreeMap<>();
    TreeMap<ShardKey, ShardCheckpoint> checkpoints = new TreeMap<>();
    state.ifPresent(s -> checkpoints.putAll(s.checkpoints()));
    for (Shard shard : live.lineage().shards()) {
      checkpoints.putIfAbsent(shard.key(), ShardCheckpoint.start(shard));
    }
    checkpoints.forEach(
        (key, checkpoint) -> {
          Optional<ShardTail> tail = Optional.ofNullable(live.tails().get(key));
          Optional<ReadTo> readTo = Optional.ofNullable(live.partly().get(key));
          boolean begun = tail.isPresent() || !(checkpoint.after() instanceof After.Start);
          if (begun || readTo.isPresent()) {
            long dropped =
                state.map(s -> s.dropped().shards().get(key)).map(DroppedRecords::rows).orElse(0L);
            pinned.put(
                key,
                time.endsBeforeLiveSide(key)
                    ? pinEarlier(checkpoint, Optional.ofNullable(time.ends().get(key)), dropped)
                    : pin(checkpoint, tail, readTo, dropped));
          }
        });
    return pinned;
  }

  private static PinnedShard pin(
      ShardCheckpoint checkpoint, Optional<ShardTail> tail, Optional<ReadTo> readTo, long dropped) {
    List<StreamRecord> records = tail.map(ShardTail::records).orElse(List.of());
    Optional<ShardPosition> through =
        tail.flatMap(ShardTail::last).or(() -> checkpoint.after().lastPosition());
    boolean whole = checkpoint.after().isEnd() || tail.map(ShardTail::ended).orElse(false);
    RecordDigest digest = checkpoint.digest();
    for (StreamRecord record : records) {
      digest = digest.plus(RecordDigest.of(record));
    }
    return new PinnedShard(
        new ShardThrough(checkpoint.key(), whole, through),
        checkpoint.shard().parents(),
        checkpoint.after(),
        Optional.of(new PinnedShard.Sums(checkpoint.rows() + records.size(), digest)),
        readTo,
        dropped);
  }

  /** A shard that a time ends inside its archived part, or of which nothing is in the cut. */
  private static PinnedShard pinEarlier(
      ShardCheckpoint checkpoint, Optional<ShardPosition> through, long dropped) {
    return new PinnedShard(
        new ShardThrough(checkpoint.key(), false, through),
        checkpoint.shard().parents(),
        checkpoint.after(),
        Optional.empty(),
        Optional.empty(),
        dropped);
  }
}
