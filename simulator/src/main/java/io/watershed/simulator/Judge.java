package io.watershed.simulator;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a drained archive with everything that was put: each record is in the table exactly
 * once, or is a copy that was rightly counted instead, or lies in a recorded gap and is really
 * gone. And a gap is there only where something may have been lost.
 */
final class Judge {
  private final TableState state;
  private final Map<ShardKey, TreeMap<ShardPosition, RecordDigest>> archived = new HashMap<>();
  private final Set<String> knownIncarnations = new HashSet<>();

  /** Copies in a gap that are gone: they may have been counted before they went. */
  private final Map<ShardKey, Long> uncertain = new HashMap<>();

  private final Lineage lineage;
  private final Instant firstCommitAt;
  private final Duration slack;
  private final List<String> findings;

  /**
   * @param firstCommitAt what went before that was never the archive's to keep
   * @param slack how far times may be off
   */
  Judge(
      ArchiveTable table,
      TableState state,
      ArchivedRows rows,
      SimulatedKinesis kinesis,
      Instant firstCommitAt,
      Duration slack,
      List<String> findings) {
    this.state = state;
    this.firstCommitAt = firstCommitAt;
    this.slack = slack;
    this.findings = findings;
    state.incarnations().forEach(incarnation -> knownIncarnations.add(incarnation.id()));
    List<Shard> shards = new ArrayList<>();
    kinesis
        .incarnations()
        .forEach(stream -> stream.shards().forEach(shard -> shards.add(shard.shard())));
    this.lineage = Lineage.of(shards);
    readRows(table, rows);
    new SumsCheck(table, state, rows, findings).run();
  }

  private void readRows(ArchiveTable table, ArchivedRows rows) {
    for (DataFileInfo file : table.files(state)) {
      Optional<List<StreamRecord>> found = rows.of(file.key());
      if (found.isEmpty()) {
        findings.add("a data file of the table is not there");
        continue;
      }
      for (StreamRecord record : found.get()) {
        RecordDigest before =
            archived
                .computeIfAbsent(record.shard(), key -> new TreeMap<>())
                .put(record.position(), RecordDigest.of(record));
        if (before != null) {
          findings.add("archived twice: " + record);
        }
      }
    }
  }

  /**
   * Judges.
   *
   * @param puts every record that was put
   * @param mayHaveTrimmed whether the stream may have let go records before they were archived
   */
  void judge(List<StoredRecord> puts, boolean mayHaveTrimmed) {
    Map<ShardKey, Long> skipped = new HashMap<>();
    for (StoredRecord put : puts) {
      judge(put, skipped);
    }
    Map<ShardKey, Set<ShardPosition>> known = new HashMap<>();
    for (StoredRecord put : puts) {
      known
          .computeIfAbsent(put.record().shard(), key -> new HashSet<>())
          .add(put.record().position());
    }
    archived.forEach(
        (shard, there) -> {
          Set<ShardPosition> foreign = new TreeSet<>(there.keySet());
          foreign.removeAll(known.getOrDefault(shard, Set.of()));
          foreign.forEach(p -> findings.add("archived, but never put: " + shard + "@" + p));
        });
    for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
      long counted = skipped.getOrDefault(checkpoint.key(), 0L);
      long mayBe = counted + uncertain.getOrDefault(checkpoint.key(), 0L);
      if (checkpoint.skipped() < counted || checkpoint.skipped() > mayBe) {
        findings.add(
            "%s counts %d skipped copies, but %d were put"
                .formatted(checkpoint.key(), checkpoint.skipped(), counted));
      }
    }
    if (!mayHaveTrimmed && !state.gaps().isEmpty()) {
      findings.add("a gap where nothing can have been lost: " + state.gaps().get(0));
    }
  }

  private void judge(StoredRecord put, Map<ShardKey, Long> skipped) {
    StreamRecord record = put.record();
    RecordDigest there =
        archived.getOrDefault(record.shard(), new TreeMap<>()).get(record.position());
    if (there != null) {
      if (!there.equals(RecordDigest.of(record))) {
        findings.add("archived with other bytes: " + describe(put));
      } else if (put.isCopyOfArchived()) {
        findings.add("a copy of an archived record was archived again: " + describe(put));
      }
      return;
    }
    if (isExcused(put)) {
      if (put.isCopyOfArchived()) {
        uncertain.merge(record.shard(), 1L, Long::sum);
      }
      return;
    }
    ShardCheckpoint checkpoint = state.checkpoints().get(record.shard());
    boolean covered = checkpoint != null && checkpoint.after().covers(record.position());
    if (put.isCopyOfArchived() && covered) {
      skipped.merge(record.shard(), 1L, Long::sum);
      return;
    }
    findings.add(
        "lost, and in no gap: "
            + describe(put)
            + (checkpoint == null ? ", shard unknown" : ", checkpoint " + checkpoint.after()));
  }

  private boolean isExcused(StoredRecord put) {
    Optional<Instant> goneAt = put.goneAt();
    if (goneAt.isEmpty()) {
      return false;
    }
    ShardKey shard = put.record().shard();
    if (!knownIncarnations.contains(shard.incarnation())) {
      return true; // it came and went, and no archiver committed meanwhile
    }
    if (goneAt.get().isBefore(firstCommitAt)) {
      return true;
    }
    return state.gaps().stream().anyMatch(gap -> covers(gap, put));
  }

  private boolean covers(Gap gap, StoredRecord put) {
    ShardKey shard = put.record().shard();
    if (gap.shard().equals(shard)) {
      return gap.reason().equals("parent-vanished") ? false : lies(gap, put);
    }
    boolean unknown = !state.checkpoints().containsKey(shard);
    return unknown
        && (gap.reason().equals("parent-vanished")
            ? lineage.ancestors(gap.shard()).contains(shard)
            : gap.reason().equals("shard-vanished")
                && lineage.descendants(gap.shard()).contains(shard));
  }

  /** Whether the record is behind the gap's position, with nothing archived between. */
  private boolean lies(Gap gap, StoredRecord put) {
    ShardPosition position = put.record().position();
    boolean behind =
        gap.afterPosition().equals("START")
            || ShardPosition.parse(gap.afterPosition()).compareTo(position) < 0;
    TreeMap<ShardPosition, RecordDigest> there =
        archived.getOrDefault(gap.shard(), new TreeMap<>());
    ShardPosition before = there.lowerKey(position);
    boolean archivedBetween =
        before != null
            && (gap.afterPosition().equals("START")
                || before.compareTo(ShardPosition.parse(gap.afterPosition())) > 0);
    boolean inTime =
        gap.from().filter(from -> put.storedAt().isBefore(from.minus(slack))).isEmpty()
            && gap.until().filter(until -> put.storedAt().isAfter(until.plus(slack))).isEmpty();
    return behind && !archivedBetween && inTime;
  }

  private static String describe(StoredRecord put) {
    return "record "
        + put.number()
        + " ("
        + put.record().shard()
        + "@"
        + put.record().position()
        + (put.isCopyOfArchived() ? ", a copy" : "")
        + ", stored at "
        + put.storedAt()
        + put.goneAt().map(t -> ", gone at " + t).orElse("")
        + ")";
  }
}
