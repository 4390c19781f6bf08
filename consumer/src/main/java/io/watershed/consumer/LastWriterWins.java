package io.watershed.consumer;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The rule by which a consumer converges: apply a record only if its version is newer than the one
 * last applied for its key (PROTOCOL 7.1). Then its state ends as if it had seen every record once
 * and in order, however live and replayed records, duplicates and its own restarts interleave.
 *
 * <p>A key's records must be applied by one thread at a time, as a shard's consumer does.
 *
 * @param <K> the key that state is kept by
 */
public final class LastWriterWins<K> {
  private final AppliedVersions<K> applied;

  /** Over the versions that the consumer keeps beside its state. */
  public LastWriterWins(AppliedVersions<K> applied) {
    this.applied = applied;
  }

  /** What to do with a record. */
  public enum Decision {
    /** It is newer than what was applied: apply it. */
    APPLY,
    /** It, or a newer one, was applied already: leave it. */
    STALE,
    /**
     * It has no order with what was applied, which is of another stream: leave it, and see to it
     * that only one stream's records of a key reach this consumer (PROTOCOL 7.2).
     */
    INCOMPARABLE
  }

  /**
   * Decides, applies if the record is newer, and then remembers its version. If {@code apply}
   * throws, nothing is remembered; after a crash between the two the record is applied once more.
   */
  public Decision offer(K key, Version version, Runnable apply) {
    Decision decision = decide(applied.find(key), version);
    if (decision == Decision.APPLY) {
      apply.run();
      applied.remember(key, version);
    }
    return decision;
  }

  /**
   * The same for a record that deletes its key, in whatever way a deletion is told in your records.
   *
   * @param delete takes the key out of the state
   */
  public Decision offerDeletion(K key, Version version, Runnable delete) {
    Decision decision = decide(applied.find(key), version);
    if (decision == Decision.APPLY) {
      delete.run();
      applied.rememberDeleted(key, version);
    }
    return decision;
  }

  /** The bare rule, for consumers that keep versions their own way. */
  public static Decision decide(Optional<Version> applied, Version candidate) {
    if (applied.isEmpty()) {
      return Decision.APPLY;
    }
    OptionalInt order = candidate.compare(applied.get());
    if (order.isEmpty()) {
      return Decision.INCOMPARABLE;
    }
    return order.getAsInt() > 0 ? Decision.APPLY : Decision.STALE;
  }
}
