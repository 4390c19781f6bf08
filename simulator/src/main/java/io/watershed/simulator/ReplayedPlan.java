package io.watershed.simulator;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.Position;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.RecordScan.ScanPosition;
import io.watershed.query.ScannedRecord;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.SteppedReplay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan, what it selects, who ran it, and what came of it on the stream: the judge of PROTOCOL 6.2
 * and 6.5.
 */
final class ReplayedPlan {
  private final ReplayPlan plan;
  private final List<StreamRecord> selected;
  private final Map<Position, Integer> places = new HashMap<>();
  private final List<SteppedReplay> runs = new ArrayList<>();

  /** Which selected record each copy on the stream is of, in the order of the stream. */
  private final List<Integer> copies = new ArrayList<>();

  private final List<String> findings = new ArrayList<>();
  private boolean finished;

  /**
   * @param selected in the order of the scan
   */
  ReplayedPlan(ReplayPlan plan, List<StreamRecord> selected) {
    this.plan = plan;
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

  /** What is left of the scan after a place. */
  Iterator<ScannedRecord> after(Optional<ScanPosition> place) {
    int from = place.map(at -> places.get(position(at))).map(index -> index + 1).orElse(0);
    return selected.subList(from, selected.size()).stream()
        .map(record -> new ScannedRecord(record, List.of()))
        .iterator();
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

  /** What is wrong. */
  List<String> judge() {
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
    if (finished && distinct < selected.size()) {
      wrong.add("a finished replay sent %d of %d".formatted(distinct, selected.size()));
    }
    int duplicates = copies.size() - distinct;
    if (duplicates > mostDuplicates()) {
      wrong.add("a replay sent %d twice, may %d".formatted(duplicates, mostDuplicates()));
    }
    return wrong;
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

  private static Position position(StreamRecord record) {
    return position(new ScanPosition(record.shard(), record.position()));
  }

  private static Position position(ScanPosition at) {
    return new Position(
        at.shard().incarnation(),
        at.shard().shardId(),
        at.position().sequenceNumber().decimal(),
        at.position().subSequenceNumber());
  }
}
