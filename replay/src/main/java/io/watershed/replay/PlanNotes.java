package io.watershed.replay;

import io.watershed.query.LastPerKey;
import io.watershed.query.RecordScan.Compaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a plan cannot promise alone, in sentences for a person (PROTOCOL 7.2). */
final class PlanNotes {
  private PlanNotes() {}

  static List<String> of(ReplayPlan plan) {
    List<String> notes = new ArrayList<>();
    notes.add(convergence(plan));
    plan.selection()
        .last()
        .ifPresent(last -> notes.addAll(compaction(last, plan.counts().compaction())));
    if (plan.to().isSource()) {
      notes.add(
          "The target is the source: all of its consumers then get the old records among the"
              + " new ones.");
    }
    if (plan.counts().oversize() > 0) {
      notes.add(
          plan.counts().oversize()
              + " records are too large for the target with their envelope and are left out.");
    }
    if (plan.delivery().skipSuperseded()) {
      notes.addAll(superseded(plan));
    }
    if (plan.selection().from().isPresent() || plan.selection().until().isPresent()) {
      notes.add(
          "Arrival times are approximate and not in order: records near the bounds may be on the"
              + " other side of them.");
    }
    if (!plan.selection().starts().isEmpty()) {
      notes.add(
          "Only the shards with a start position and their descendants are replayed:"
              + " other shards are left out.");
    }
    if (plan.delivery().overwrite()) {
      notes.add(
          plan.to().isSource()
              ? "Consumers take the old records for the newest. The archive knows them as copies of"
                  + " what it has: SQL still shows the records that they overwrite as the last ones."
              : "Consumers compare with live positions of the target: for keys that came there by"
                  + " a plain replay of another stream they cannot.");
    }
    if (plan.delivery().partitionKey().isPresent()) {
      notes.add(
          "Partition keys are changed: the order is that of each source key. Two source keys that"
              + " become one have no order between them, and consumers' versions do not compare.");
    }
    return notes;
  }

  private static List<String> superseded(ReplayPlan plan) {
    return List.of(
        plan.counts().superseded()
            + " records are superseded now: the target holds a newer one of their partition key."
            + " They are left out, and so are those that are superseded when the run comes to"
            + " them; only what the target still holds counts.",
        "A newer record of a partition key counts whatever it is about: skip only where a partition"
            + " key has one state.",
        plan.to().isSource()
            ? "Newer are later records of the stream, and copies of them that other replays put"
                + " there."
            : "Newer are copies of later records that other replays put on the target; what anybody"
                + " else puts there has no order with the selection and supersedes nothing.");
  }

  /** What "last" means (PROTOCOL 6.4), and what becomes of the others. */
  private static List<String> compaction(LastPerKey last, Optional<Compaction> counts) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Only the last record of each key ("
            + last.key()
            + ") is sent. Last is "
            + last.orderBy()
                .map(
                    order ->
                        "by "
                            + order
                            + ", of equal values by scan order: positions are not compared, so"
                            + " consumers that go by versions may hold another record.")
                .orElse("by position: each key was checked to be in one lineage of shards."));
    counts.ifPresent(c -> notes.addAll(counted(last, c)));
    return notes;
  }

  private static List<String> counted(LastPerKey last, Compaction counts) {
    List<String> notes = new ArrayList<>();
    notes.add(
        counts.superseded()
            + " of "
            + counts.selected()
            + " selected records are superseded by a later one of their key and left out; there"
            + " are "
            + counts.keys()
            + " keys.");
    if (counts.withoutKey() > 0) {
      notes.add(counts.withoutKey() + " records have no key (NULL): all of them are sent.");
    }
    if (last.tombstone().isPresent()) {
      notes.add(
          counts.tombstones()
              + " keys end with a tombstone, which is "
              + (last.dropTombstones()
                  ? "left out: a target that has such a key keeps it."
                  : "sent."));
    }
    return notes;
  }

  private static String convergence(ReplayPlan plan) {
    if (plan.envelope() == EnvelopeMode.NONE) {
      return "Without envelope no consumer can tell a replayed record from a live one: nothing"
          + " converges, and an archive of the target takes them for new records.";
    }
    return plan.to().isSource()
        ? "Consumers that compare origins with live positions converge, on the source itself."
        : "Consumers converge if nothing else writes the same keys to the target: versions compare"
            + " only inside one stream.";
  }
}
