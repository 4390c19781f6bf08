package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveSide.LiveRead;
import io.watershed.cut.prune.FileConditions;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FilePredicate;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Answers a receipt from a later state (PROTOCOL 5.2): archived rows up to the through-positions,
 * and live rows for what is not archived yet. What is gone is an error: sums of what is read from
 * the stream are compared with those in the receipt, and gaps that were found since are looked at.
 */
final class CutRepeater {
  private final LiveReadSettings settings;
  private final LiveSide liveSide;
  private final CutFiles files;
  private final Awaiting awaiting;

  CutRepeater(LiveReadSettings settings, LiveSide liveSide, CutFiles files, Awaiting awaiting) {
    this.settings = settings;
    this.liveSide = liveSide;
    this.files = files;
    this.awaiting = awaiting;
  }

  ResolvedStream repeat(StreamSide side, PinnedStream pinned, LiveMode mode, LiveBudget budget) {
    Optional<TableState> state = side.table().map(ArchiveTable::load);
    checkTable(pinned, state);
    for (int attempt = 1; ; attempt++) {
      try {
        return answer(side, pinned, mode, budget, state);
      } catch (WatershedException e) {
        // Trimmed while it was being archived: look again before giving up.
        Optional<TableState> newer = side.table().map(ArchiveTable::load);
        boolean moved =
            !newer.map(TableState::metadataVersion).equals(state.map(TableState::metadataVersion));
        if (e.code() != ErrorCode.GAP || !moved || attempt >= settings.resolveAttempts()) {
          throw e;
        }
        state = newer;
        checkTable(pinned, state);
      }
    }
  }

  private ResolvedStream answer(
      StreamSide side,
      PinnedStream pinned,
      LiveMode mode,
      LiveBudget budget,
      Optional<TableState> state) {
    SortedMap<ShardKey, ShardCheckpoint> checkpoints = checkpoints(state);
    checkGaps(pinned, state);
    checkDropped(pinned, state);
    Map<ShardKey, Optional<ShardPosition>> missing = notArchived(pinned, checkpoints);
    List<StreamRecord> live = List.of();
    if (!missing.isEmpty()) {
      live = readLive(side, pinned, mode, budget, state, missing);
    }
    PayloadSchema archived = state.map(TableState::schema).orElse(PayloadSchema.EMPTY);
    List<OutsideRows> outside = CutFiles.outside(pinned, checkpoints);
    PayloadSchema physical = pinned.schema().physical(archived);
    FilePredicate needed =
        new FileConditions(pinned.schema(), physical).predicate(side.conditions());
    return new ResolvedStream(
        pinned,
        state,
        state.isPresent() ? files.of(side, state.get(), needed, outside) : List.of(),
        outside,
        live,
        physical,
        side.format(),
        LiveEstimate.NOTHING,
        List.of());
  }

  private static SortedMap<ShardKey, ShardCheckpoint> checkpoints(Optional<TableState> state) {
    return state.map(TableState::checkpoints).orElse(new TreeMap<>());
  }

  private static void checkTable(PinnedStream pinned, Optional<TableState> state) {
    if (pinned.tableUuid().equals(PinnedStream.NO_TABLE)) {
      return;
    }
    if (!state.map(TableState::tableUuid).equals(Optional.of(pinned.tableUuid()))) {
      throw gone(
          pinned.stream(),
          state.isPresent()
              ? "its archive table was dropped and made again"
              : "its archive table does not exist any more");
    }
  }

  /** A gap that was found since the receipt, before a through-position, took rows of the cut. */
  private static void checkGaps(PinnedStream pinned, Optional<TableState> state) {
    for (Gap gap : state.map(TableState::gaps).orElse(List.of())) {
      PinnedShard shard = pinned.shards().get(gap.shard());
      boolean known =
          pinned.gaps().stream()
              .anyMatch(
                  old ->
                      old.shard().equals(gap.shard())
                          && old.afterPosition().equals(gap.afterPosition()));
      if (shard == null || known || shard.through().position().isEmpty()) {
        continue;
      }
      boolean before =
          gap.afterPosition().equals("START")
              || ShardPosition.parse(gap.afterPosition())
                      .compareTo(shard.through().position().get())
                  < 0;
      if (before) {
        throw gone(
            pinned.stream(),
            "the stream trimmed records of "
                + gap.shard().shardId()
                + " before they were archived");
      }
    }
  }

  /** What retention took since the receipt is said, never left out silently (PROTOCOL 5.2). */
  private static void checkDropped(PinnedStream pinned, Optional<TableState> state) {
    if (state.isEmpty()) {
      return;
    }
    state
        .get()
        .dropped()
        .shards()
        .forEach(
            (key, dropped) -> {
              PinnedShard shard = pinned.shards().get(key);
              if (shard != null && shard.hasRecords() && dropped.rows() > shard.dropped()) {
                throw gone(
                    pinned.stream(),
                    "the archive's retention has dropped records that arrived before "
                        + state.get().dropped().before().map(Object::toString).orElse("its limit"));
              }
            });
  }

  private static Map<ShardKey, Optional<ShardPosition>> notArchived(
      PinnedStream pinned, SortedMap<ShardKey, ShardCheckpoint> checkpoints) {
    Map<ShardKey, Optional<ShardPosition>> missing = new TreeMap<>();
    pinned
        .shards()
        .forEach(
            (key, shard) -> {
              Optional<ShardPosition> through = shard.through().position();
              ShardCheckpoint checkpoint = checkpoints.get(key);
              boolean archived =
                  checkpoint != null
                      ? through.map(checkpoint.after()::covers).orElse(true)
                      // A shard that was archived and is not listed any more had ended.
                      : !(shard.archived() instanceof After.Start) || through.isEmpty();
              if (!archived) {
                missing.put(key, through);
              }
            });
    return missing;
  }

  private List<StreamRecord> readLive(
      StreamSide side,
      PinnedStream pinned,
      LiveMode mode,
      LiveBudget budget,
      Optional<TableState> state,
      Map<ShardKey, Optional<ShardPosition>> missing) {
    if (mode == LiveMode.OFF || side.source().isEmpty()) {
      throw new WatershedException(
          ErrorCode.GAP,
          "the receipt holds records of '" + pinned.stream() + "' that are not archived yet",
          "Allow the live read, or wait until the archiver has passed them.");
    }
    SortedMap<ShardKey, ShardCheckpoint> checkpoints = checkpoints(state);
    StreamSource source = side.source().get();
    LiveRead live =
        awaiting.within(
            settings.timeout(),
            "the live read of '" + pinned.stream() + "'",
            liveSide.readThrough(
                source,
                checkpoints,
                key -> Optional.ofNullable(pinned.shards().get(key)).map(PinnedShard::archived),
                missing,
                HotSide.ask(side, state, source),
                budget));
    for (ShardKey key : missing.keySet()) {
      if (!key.incarnation().equals(live.incarnation())) {
        throw gone(pinned.stream(), "the stream was deleted and created again");
      }
      checkTail(pinned, key, live, Optional.ofNullable(checkpoints.get(key)));
    }
    return CutResolver.records(live);
  }

  private static void checkTail(
      PinnedStream pinned, ShardKey key, LiveRead live, Optional<ShardCheckpoint> checkpoint) {
    PinnedShard shard = pinned.shards().get(key);
    ShardTail tail = live.tails().get(key);
    if (shard == null || tail == null) {
      throw gone(pinned.stream(), key.shardId() + " is not there any more");
    }
    RecordDigest digest = checkpoint.map(ShardCheckpoint::digest).orElse(RecordDigest.ZERO);
    for (StreamRecord record : tail.records()) {
      digest = digest.plus(RecordDigest.of(record));
    }
    long rows = checkpoint.map(ShardCheckpoint::rows).orElse(0L) + tail.records().size();
    boolean same =
        tail.last().equals(shard.through().position())
            && shard.sums().equals(Optional.of(new PinnedShard.Sums(rows, digest)));
    if (!same) {
      throw gone(
          pinned.stream(),
          "the stream does not hold the records of "
              + key.shardId()
              + " any more that were not archived in time");
    }
  }

  private static WatershedException gone(String stream, String why) {
    return new WatershedException(
        ErrorCode.GAP,
        "the receipt's cut of '" + stream + "' cannot be answered any more: " + why,
        "Ask without --as-of for what is there now.");
  }
}
