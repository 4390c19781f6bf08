package io.watershed.replay;

import java.util.ArrayList;
import java.util.List;

/** What a plan cannot promise alone, in sentences for a person (PROTOCOL 7.2). */
final class PlanNotes {
  private PlanNotes() {}

  static List<String> of(ReplayPlan plan) {
    List<String> notes = new ArrayList<>();
    notes.add(convergence(plan));
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
