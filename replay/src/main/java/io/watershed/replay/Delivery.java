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
          false);

  /**
   * @throws WatershedException {@code invalid-input} if something needs an envelope and there is
   *     none
   */
  public Delivery {
    if (envelope == EnvelopeMode.NONE && (overwrite || !annotations.isEmpty())) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Without envelope there is no place for "
              + (overwrite ? "the fence of a replay that overwrites" : "annotations"),
          "Leave the envelope on, or leave them out.");
    }
  }

  /** The same at another pace. */
  public Delivery paced(ReplayPace newPace) {
    return new Delivery(
        newPace, envelope, annotations, overwrite, partitionKey, dense, skipOversize);
  }

  /** The same, marked in another way. */
  public Delivery enveloped(EnvelopeMode mode) {
    return new Delivery(pace, mode, annotations, overwrite, partitionKey, dense, skipOversize);
  }

  /** The same with these annotations. */
  public Delivery annotated(Annotations more) {
    return new Delivery(pace, envelope, more, overwrite, partitionKey, dense, skipOversize);
  }

  /** The same, winning over what was live when the run began, or not. */
  public Delivery overwriting(boolean wins) {
    return new Delivery(pace, envelope, annotations, wins, partitionKey, dense, skipOversize);
  }

  /** The same under other partition keys. */
  public Delivery keyedBy(Optional<String> expression) {
    return new Delivery(pace, envelope, annotations, overwrite, expression, dense, skipOversize);
  }

  /** The same in aggregated records, or not. */
  public Delivery packed(boolean newDense) {
    return new Delivery(
        pace, envelope, annotations, overwrite, partitionKey, newDense, skipOversize);
  }

  /** The same, leaving out records that are too large, or not. */
  public Delivery skippingOversize(boolean skip) {
    return new Delivery(pace, envelope, annotations, overwrite, partitionKey, dense, skip);
  }
}
