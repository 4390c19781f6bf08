package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Optional;

/**
 * How records are put on the target.
 *
 * @param pace how fast
 * @param envelope whether, and how, records are marked
 * @param annotations what the envelope says besides
 * @param overwrite whether the records win over what was live when the run began (PROTOCOL 7.3)
 * @param partitionKey a SQL expression for the partition key on the target; empty to keep the key
 * @param dense whether consecutive records of one target shard are packed into aggregated records,
 *     for consumers that take them apart
 * @param skipSuperseded leave out records of which the target holds a newer one under their
 *     partition key, and list them
 * @param skipOversize leave out records that are too large for the target, and count them;
 *     otherwise they fail the plan
 */
public record Delivery(
    ReplayPace pace,
    EnvelopeMode envelope,
    Annotations annotations,
    boolean overwrite,
    Optional<String> partitionKey,
    boolean dense,
    boolean skipSuperseded,
    boolean skipOversize) {
  /** In envelopes, under their own keys, at half of the target's quota. */
  public static final Delivery DEFAULT =
      new Delivery(
          ReplayPace.DEFAULT,
          EnvelopeMode.MEMBER,
          Annotations.NONE,
          false,
          Optional.empty(),
          false,
          false,
          false);

  /**
   * @throws WatershedException {@code invalid-input} if something needs an envelope and there is
   *     none, or if nothing can be said of what is superseded
   */
  public Delivery {
    if (envelope == EnvelopeMode.NONE && (overwrite || !annotations.isEmpty())) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Without envelope there is no place for "
              + (overwrite ? "the fence of a replay that overwrites" : "annotations"),
          "Leave the envelope on, or leave them out.");
    }
    if (skipSuperseded) {
      requireVersions(envelope, overwrite, partitionKey);
    }
  }

  private static void requireVersions(
      EnvelopeMode envelope, boolean overwrite, Optional<String> partitionKey) {
    if (overwrite) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "A replay that overwrites wins over what is newer: it cannot skip what is superseded",
          "Leave out --overwrite or --skip-superseded.");
    }
    if (envelope == EnvelopeMode.NONE) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Without envelope a replay's own records look like newer ones of the target",
          "Leave the envelope on, or leave out --skip-superseded.");
    }
    if (partitionKey.isPresent()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Under another partition key a record has no order with what the target holds",
          "Keep the partition keys, or leave out --skip-superseded.");
    }
  }

  /** The same at another pace. */
  public Delivery paced(ReplayPace newPace) {
    return new Delivery(
        newPace,
        envelope,
        annotations,
        overwrite,
        partitionKey,
        dense,
        skipSuperseded,
        skipOversize);
  }

  /** The same, marked in another way. */
  public Delivery enveloped(EnvelopeMode mode) {
    return new Delivery(
        pace, mode, annotations, overwrite, partitionKey, dense, skipSuperseded, skipOversize);
  }

  /** The same with these annotations. */
  public Delivery annotated(Annotations more) {
    return new Delivery(
        pace, envelope, more, overwrite, partitionKey, dense, skipSuperseded, skipOversize);
  }

  /** The same, winning over what was live when the run began, or not. */
  public Delivery overwriting(boolean wins) {
    return new Delivery(
        pace, envelope, annotations, wins, partitionKey, dense, skipSuperseded, skipOversize);
  }

  /** The same under other partition keys. */
  public Delivery keyedBy(Optional<String> expression) {
    return new Delivery(
        pace, envelope, annotations, overwrite, expression, dense, skipSuperseded, skipOversize);
  }

  /** The same in aggregated records, or not. */
  public Delivery packed(boolean newDense) {
    return new Delivery(
        pace,
        envelope,
        annotations,
        overwrite,
        partitionKey,
        newDense,
        skipSuperseded,
        skipOversize);
  }

  /** The same, leaving out records of which the target holds newer ones, or not. */
  public Delivery skippingSuperseded(boolean skip) {
    return new Delivery(
        pace, envelope, annotations, overwrite, partitionKey, dense, skip, skipOversize);
  }

  /** The same, leaving out records that are too large, or not. */
  public Delivery skippingOversize(boolean skip) {
    return new Delivery(
        pace, envelope, annotations, overwrite, partitionKey, dense, skipSuperseded, skip);
  }
}
