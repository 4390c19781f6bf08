package io.watershed.simulator;

import io.watershed.core.checkpoint.After;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.PinnedShard;
import io.watershed.cut.PinnedStream;
import io.watershed.simulator.StatementSide.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Compares what a statement saw with what was put: every record of the cut once, as it is, and none
 * beyond; nothing that was there before the statement began is left out; a cut at a time ends where
 * the rule says.
 */
final class StatementJudge {
  private final SimulatedKinesis kinesis;
  private final Supplier<Optional<Instant>> firstCommitAt;

  /**
   * @param firstCommitAt what was trimmed before, nobody had promised to keep
   */
  StatementJudge(SimulatedKinesis kinesis, Supplier<Optional<Instant>> firstCommitAt) {
    this.kinesis = kinesis;
    this.firstCommitAt = firstCommitAt;
  }

  /**
   * What is wrong with an answer.
   *
   * @param since when the statement began
   * @param until the time that its cut was chosen by
   */
  List<String> judge(Answer answer, Instant since, Optional<Instant> until) {
    List<String> findings = new ArrayList<>();
    Map<ShardKey, Map<ShardPosition, StreamRecord>> seen = byPosition(answer, findings);
    for (PinnedShard shard : answer.pinned().shards().values()) {
      Map<ShardPosition, StreamRecord> rows =
          seen.getOrDefault(shard.through().shard(), new TreeMap<>());
      judge(answer.pinned(), shard.through(), rows, findings);
      shard(shard.through().shard())
          .ifPresent(truth -> judgeEnd(answer.pinned(), shard, truth, since, until, findings));
    }
    judgeLineage(answer.pinned(), findings);
    judgeMissing(answer.pinned(), since, until, findings);
    return findings;
  }

  /** A shard that was listed when the statement began, after parents that are whole, is there. */
  private void judgeMissing(
      PinnedStream pinned, Instant since, Optional<Instant> until, List<String> findings) {
    SimulatedStream stream = kinesis.newest();
    if (stream.isDeleted() || !stream.incarnation().createdAt().isBefore(since)) {
      return;
    }
    for (SimulatedShard shard : stream.shards()) {
      ShardKey key = shard.shard().key();
      boolean reached =
          shard.shard().parents().stream()
              .map(id -> pinned.shards().get(new ShardKey(key.incarnation(), id)))
              .allMatch(parent -> parent != null && parent.through().whole());
      boolean some =
          shard.records().stream()
              .filter(stored -> stored.goneAt().isEmpty() && !stored.isCopyOfArchived())
              .limit(1)
              .filter(stored -> stored.storedAt().isBefore(since))
              .anyMatch(stored -> until.filter(stored.record().arrivalTime()::isAfter).isEmpty());
      if (reached && some && shard.isListed(since) && !pinned.shards().containsKey(key)) {
        findings.add("a cut leaves out " + key + " for no reason");
      }
    }
  }

  private static Map<ShardKey, Map<ShardPosition, StreamRecord>> byPosition(
      Answer answer, List<String> findings) {
    Map<ShardKey, Map<ShardPosition, StreamRecord>> seen = new HashMap<>();
    for (StreamRecord record : answer.records()) {
      StreamRecord other =
          seen.computeIfAbsent(record.shard(), key -> new TreeMap<>())
              .put(record.position(), record);
      if (other != null) {
        findings.add("a statement saw " + name(record) + " twice");
      }
      PinnedShard pinned = answer.pinned().shards().get(record.shard());
      if (pinned == null || !pinned.through().includes(record.position())) {
        findings.add("a statement saw " + name(record) + ", which is not in its cut");
      }
    }
    return seen;
  }

  /** Each record of the cut is there as it was put, or is lost and a gap says so. */
  private void judge(
      PinnedStream pinned,
      ShardThrough through,
      Map<ShardPosition, StreamRecord> rows,
      List<String> findings) {
    int known = 0;
    List<StoredRecord> truth =
        shard(through.shard()).map(SimulatedShard::records).orElse(List.of());
    for (StoredRecord stored : truth) {
      StreamRecord record = stored.record();
      StreamRecord row = rows.get(record.position());
      if (row != null) {
        known++;
        if (stored.isCopyOfArchived()) {
          findings.add("a statement saw " + name(record) + ", a copy of an archived record");
        }
        if (!Arrays.equals(row.payload(), record.payload())) {
          findings.add("a statement saw another payload of " + name(record));
        }
      } else if (through.includes(record.position())
          && !stored.isCopyOfArchived()
          && !isLost(pinned, stored)) {
        findings.add("a statement did not see " + name(record) + ", which is in its cut");
      }
    }
    if (known != rows.size()) {
      findings.add("a statement saw records of " + through.shard() + " that nobody put");
    }
  }

  private boolean isLost(PinnedStream pinned, StoredRecord stored) {
    if (stored.goneAt().isEmpty()) {
      return false;
    }
    ShardKey shard = stored.record().shard();
    boolean promised =
        firstCommitAt.get().filter(stored.goneAt().get()::isAfter).isPresent()
            && Optional.ofNullable(pinned.shards().get(shard))
                .filter(known -> !(known.archived() instanceof After.Start))
                .isPresent();
    return !promised || pinned.gaps().stream().anyMatch(gap -> gap.shard().equals(shard));
  }

  /** What follows the cut in its shard arrived later than the time, or than the statement. */
  private static void judgeEnd(
      PinnedStream pinned,
      PinnedShard shard,
      SimulatedShard truth,
      Instant since,
      Optional<Instant> until,
      List<String> findings) {
    boolean reached =
        shard.parents().stream()
            .map(id -> new ShardKey(shard.through().shard().incarnation(), id))
            .allMatch(
                key ->
                    !pinned.shards().containsKey(key)
                        || pinned.shards().get(key).through().whole());
    for (StoredRecord stored : truth.records()) {
      StreamRecord record = stored.record();
      boolean later = until.filter(record.arrivalTime()::isAfter).isPresent();
      boolean inside = shard.through().includes(record.position());
      if (inside && later && !stored.isCopyOfArchived() && stored.goneAt().isEmpty()) {
        findings.add("a cut at " + until.get() + " holds " + name(record) + ", which is later");
      }
      if (!inside && reached && !stored.isCopyOfArchived() && stored.goneAt().isEmpty()) {
        // The first one beyond: of those after it nothing can be said.
        if (!later && stored.storedAt().isBefore(since)) {
          findings.add("a cut ends before " + name(record) + " for no reason");
        }
        return;
      }
    }
  }

  /**
   * Where a shard has records in the cut, its parents are whole, or all that they ever held is in
   * it: of a parent's end nothing is known before all of its children are (PROTOCOL 2.4).
   */
  private void judgeLineage(PinnedStream pinned, List<String> findings) {
    for (PinnedShard shard : pinned.shards().values()) {
      ShardThrough through = shard.through();
      for (String parent : shard.parents()) {
        PinnedShard above =
            pinned.shards().get(new ShardKey(through.shard().incarnation(), parent));
        boolean any = through.whole() || through.position().isPresent();
        boolean vanished =
            above != null
                && pinned.gaps().stream()
                    .anyMatch(gap -> gap.shard().equals(above.through().shard()));
        if (any && above != null && !holdsAll(above.through()) && !vanished) {
          findings.add("a cut holds records of " + through.shard() + " and not all of its parent");
        }
      }
    }
  }

  private boolean holdsAll(ShardThrough through) {
    return through.whole()
        || shard(through.shard()).map(SimulatedShard::records).orElse(List.of()).stream()
            .allMatch(stored -> through.includes(stored.record().position()));
  }

  /** An error instead of a receipt's rows is right only if a record of it is really gone. */
  Optional<String> judgeGone(PinnedStream pinned) {
    boolean gone =
        pinned.shards().values().stream()
            .anyMatch(
                shard ->
                    shard(shard.through().shard()).stream()
                        .flatMap(truth -> truth.records().stream())
                        .filter(stored -> shard.through().includes(stored.record().position()))
                        .anyMatch(stored -> stored.goneAt().isPresent()));
    return gone ? Optional.empty() : Optional.of("a receipt is refused though nothing is gone");
  }

  private Optional<SimulatedShard> shard(ShardKey key) {
    return kinesis.incarnations().stream()
        .filter(stream -> stream.incarnation().id().equals(key.incarnation()))
        .findFirst()
        .flatMap(stream -> stream.shard(key.shardId()));
  }

  private static String name(StreamRecord record) {
    return record.shard() + " " + record.position();
  }
}
