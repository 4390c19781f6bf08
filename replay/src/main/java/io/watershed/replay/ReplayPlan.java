package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.RecordSelection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A replay's frozen intent. Its hash over the canonical JSON is its identity: preview, run, audit
 * and re-run refer to it. It holds no payloads.
 *
 * @param stream the source's name in the reservoir
 * @param receipt the receipt whose cut is read
 * @param selection which records of the cut
 * @param to where they are put
 * @param delivery how they are put there
 * @param counts what is selected
 */
public record ReplayPlan(
    String stream,
    String receipt,
    RecordSelection selection,
    Target to,
    Delivery delivery,
    Counts counts) {
  /**
   * @throws WatershedException {@code invalid-input} if superseded records are to be skipped and
   *     the plan goes by other keys than partition keys, or by another order than positions
   */
  public ReplayPlan {
    if (delivery.skipSuperseded()) {
      selection.last().ifPresent(ReplayPlan::requirePositions);
    }
  }

  private static void requirePositions(LastPerKey last) {
    if (!last.isByPartitionKey() || last.orderBy().isPresent()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Superseded records are found by partition key and position, but the plan goes by "
              + last.orderBy().orElse(last.key()),
          "Leave out --key and --order-by, or --skip-superseded.");
    }
  }

  /** Length of the short id. */
  public static final int ID_CHARS = 12;

  /**
   * The stream that is written to.
   *
   * @param name its name or ARN, as it was asked for
   * @param incarnation the life of the stream that the plan was made for
   * @param maxRecordBytes the largest record (payload, envelope and partition key) that is sent
   * @param isSource whether it is the source itself, which somebody allowed
   */
  public record Target(String name, String incarnation, long maxRecordBytes, boolean isSource) {}

  /**
   * What a plan selects.
   *
   * @param records all selected records, those too large included
   * @param payloadBytes sum of their payloads, without envelopes
   * @param oversize records that are too large for the target with their envelope
   * @param superseded of the others, those of which the target held a newer one when the plan was
   *     made
   * @param firstArrival the earliest arrival; empty if nothing is selected
   * @param lastArrival the latest arrival
   * @param compaction what was left out for later records; empty if nothing is compacted
   */
  public record Counts(
      long records,
      long payloadBytes,
      long oversize,
      long superseded,
      Optional<Instant> firstArrival,
      Optional<Instant> lastArrival,
      Optional<Compaction> compaction) {
    /** Counts of a plan that compacts nothing and skips nothing superseded. */
    public Counts(
        long records,
        long payloadBytes,
        long oversize,
        Optional<Instant> firstArrival,
        Optional<Instant> lastArrival) {
      this(records, payloadBytes, oversize, 0, firstArrival, lastArrival, Optional.empty());
    }

    /** Counts without the times. */
    public Counts(long records, long payloadBytes, long oversize) {
      this(records, payloadBytes, oversize, Optional.empty(), Optional.empty());
    }
  }

  /** The target's name or ARN. */
  public String target() {
    return to.name();
  }

  /** The largest record that is sent, in bytes: payload, envelope and partition key. */
  public long maxRecordBytes() {
    return to.maxRecordBytes();
  }

  /** How records are marked. */
  public EnvelopeMode envelope() {
    return delivery.envelope();
  }

  /** Records that a whole run sends, or leaves out because the target holds newer ones. */
  public long toSend() {
    return counts.records() - counts.oversize();
  }

  /** The same with another count of superseded records. */
  ReplayPlan withSuperseded(long superseded) {
    return new ReplayPlan(
        stream,
        receipt,
        selection,
        to,
        delivery,
        new Counts(
            counts.records(),
            counts.payloadBytes(),
            counts.oversize(),
            superseded,
            counts.firstArrival(),
            counts.lastArrival(),
            counts.compaction()));
  }

  /** Canonical JSON: fixed members in a fixed order, no white space. */
  public String json() {
    return PlanJson.write(this);
  }

  /** SHA-256 of {@link #json()}, 64 hexadecimal digits. */
  public String hash() {
    return PlanJson.hash(json());
  }

  /** The first {@value #ID_CHARS} digits of {@link #hash()}: the replay id in envelopes. */
  public String id() {
    return hash().substring(0, ID_CHARS);
  }

  /**
   * Parses {@link #json()}.
   *
   * @throws io.watershed.core.error.WatershedException {@code invalid-input}
   */
  public static ReplayPlan parse(String json) {
    return PlanJson.read(json);
  }

  /**
   * What a person should know before running it: promises that need their help, and side effects.
   */
  public List<String> notes() {
    return PlanNotes.of(this);
  }
}
