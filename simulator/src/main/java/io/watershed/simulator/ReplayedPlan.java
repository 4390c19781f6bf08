package io.watershed.simulator;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.consumer.ReceivedRecord;
import io.watershed.consumer.Version;
import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.SteppedReplay;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.SupersededRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A plan, what it selects, who ran it, and what came of it on the stream: the judge of PROTOCOL 6.2
 * and 6.5.
 */
final class ReplayedPlan {
  private final ReplayPlan plan;
  private final Lineage lineage;
  private final List<StreamRecord> selected;
  private final Map<Position, Integer> places = new HashMap<>();
  private final List<SteppedReplay> runs = new ArrayList<>();

  /** Which selected record each copy on the stream is of, in the order of the stream. */
  private final List<Integer> copies = new ArrayList<>();

  private final List<String> findings = new ArrayList<>();
  private boolean finished;

  /**
   * @param selected shard by shard, in the order of their lineage
   */
  ReplayedPlan(ReplayPlan plan, Lineage lineage, List<StreamRecord> selected) {
    this.plan = plan;
    this.lineage = lineage;
    this.selected = selected;
    for (int i = 0; i < selected.size(); i++) {
      places.put(position(selected.get(i)), i);
    }
  }

  ReplayPlan plan() {
    return plan;
  }

  /** In the order in which they took over. */
  void ran(SteppedReplay run) {
    runs.add(run);
  }

  void finish() {
    finished = true;
  }

  boolean isFinished() {
    return finished;
  }

  /**
   * What is left of the scan: shards that do not descend from each other alternate, each time
   * otherwise.
   */
  Iterator<ScannedRecord> beyond(Map<ShardKey, After> done) {
    Map<ShardKey, Deque<ScannedRecord>> left = new TreeMap<>();
    for (StreamRecord record : selected) {
      After after = done.getOrDefault(record.shard(), new After.Start());
      if (after.lastPosition().filter(at -> record.position().compareTo(at) <= 0).isEmpty()) {
        left.computeIfAbsent(record.shard(), k -> new ArrayDeque<>())
            .add(new ScannedRecord(record, List.of()));
      }
    }
    Random random = new Random(runs.size());
    List<ScannedRecord> rows = new ArrayList<>();
    List<ShardKey> open = readable(left.keySet());
    while (!open.isEmpty()) {
      ShardKey shard = open.get(random.nextInt(open.size()));
      Deque<ScannedRecord> ofShard = left.getOrDefault(shard, new ArrayDeque<>());
      rows.add(ofShard.remove());
      if (ofShard.isEmpty()) {
        left.remove(shard);
        open = readable(left.keySet());
      }
    }
    return rows.iterator();
  }

  /** Those of the earliest life of which no ancestor is among them. */
  private List<ShardKey> readable(Set<ShardKey> left) {
    return left.stream()
        .filter(shard -> shard.incarnation().equals(left.iterator().next().incarnation()))
        .filter(shard -> Collections.disjoint(lineage.ancestors(shard), left))
        .toList();
  }

  /** A copy of this plan reached the stream; returns the record that it is a copy of. */
  Optional<StreamRecord> arrived(String partitionKey, Envelope envelope) {
    Integer place = places.get(envelope.header().origin());
    if (place == null) {
      findings.add("a replay sent a record that it did not select: " + envelope);
      return Optional.empty();
    }
    StreamRecord original = selected.get(place);
    boolean same =
        original.partitionKey().equals(partitionKey)
            && Arrays.equals(original.payload(), envelope.payload())
            && envelope.isIntact();
    if (!same) {
      findings.add("a replay changed a record: " + envelope);
    }
    copies.add(place);
    return Optional.of(original);
  }

  /**
   * What is wrong.
   *
   * @param left what the ledger lists as superseded
   * @param puts all that was ever on the stream
   */
  List<String> judge(List<SupersededRecord> left, List<StoredRecord> puts) {
    List<String> wrong = new ArrayList<>(findings);
    boolean[] seen = new boolean[selected.size()];
    Map<String, Integer> last = new HashMap<>();
    int distinct = 0;
    for (int place : copies) {
      if (!seen[place]) {
        seen[place] = true;
        distinct++;
        String key = selected.get(place).partitionKey();
        Integer before = last.put(key, place);
        if (before != null && before > place) {
          wrong.add("a replay broke the order of " + key + ": " + selected.get(place));
        }
      }
    }
    int duplicates = copies.size() - distinct;
    Set<Integer> superseded = new HashSet<>();
    for (SupersededRecord record : left) {
      Integer place = places.get(position(record.place()));
      if (place == null || !superseded.add(place)) {
        wrong.add("a replay lists twice, or without having selected it: " + record);
      } else if (puts.stream().noneMatch(put -> isNewer(put.record(), selected.get(place)))) {
        wrong.add("a replay left out what nothing supersedes: " + record);
      } else if (!seen[place]) {
        seen[place] = true;
        distinct++;
      }
    }
    if (finished && distinct < selected.size()) {
      wrong.add("a finished replay sent or listed %d of %d".formatted(distinct, selected.size()));
    }
    if (duplicates > mostDuplicates()) {
      wrong.add("a replay sent %d twice, may %d".formatted(duplicates, mostDuplicates()));
    }
    return wrong;
  }

  /** By the rule of consumers, and of copies only those that other replays sent. */
  private boolean isNewer(StreamRecord record, StreamRecord original) {
    if (!record.partitionKey().equals(original.partitionKey())) {
      return false;
    }
    ReceivedRecord received = ReceivedRecord.of(position(record), record.payload());
    boolean ours =
        received.envelope().filter(e -> e.header().replayId().equals(plan.id())).isPresent();
    Version version = ReceivedRecord.of(position(original), original.payload()).version();
    return !ours && received.version().compare(version).orElse(0) > 0;
  }

  /**
   * What was in flight or had no answer, and what a process had acknowledged that the ledger did
   * not say when the next one took over.
   */
  private long mostDuplicates() {
    long most = runs.stream().mapToLong(SteppedReplay::unanswered).sum();
    for (int i = 1; i < runs.size(); i++) {
      most += Math.max(0, runs.get(i - 1).acknowledged() - runs.get(i).acknowledgedBefore());
    }
    return most;
  }

  /** How many copies reached the stream, how many processes ran it, and what might be double. */
  @Override
  public String toString() {
    return "%s: %d copies of %d records by %d processes, may have %d twice"
        .formatted(plan.id(), copies.size(), selected.size(), runs.size(), mostDuplicates());
  }

  private static Position position(StoredReplay.Place at) {
    ShardPosition position = ShardPosition.parse(at.position());
    return new Position(
        at.incarnation(),
        at.shard(),
        position.sequenceNumber().decimal(),
        position.subSequenceNumber());
  }

  private static Position position(StreamRecord record) {
    return new Position(
        record.shard().incarnation(),
        record.shard().shardId(),
        record.position().sequenceNumber().decimal(),
        record.position().subSequenceNumber());
  }
}
