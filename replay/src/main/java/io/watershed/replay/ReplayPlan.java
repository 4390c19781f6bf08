package io.watershed.replay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A replay's frozen intent. Its hash over the canonical JSON is its identity: preview, run, audit
 * and re-run refer to it. It holds no payloads.
 *
 * @param stream the source's name in the reservoir
 * @param receipt the receipt whose cut is read
 * @param from only records that arrived at this time or later
 * @param until only records that arrived before this time
 * @param where a SQL predicate over the columns of the view
 * @param target the target stream's name or ARN, as it was asked for
 * @param targetIncarnation the life of the target that the plan was made for
 * @param maxRecordBytes the largest record (payload, envelope and partition key) that is sent
 * @param pace how fast
 * @param envelope whether records are marked
 * @param toSource whether the target is the source itself, which somebody allowed
 * @param skipOversize whether records above {@code maxRecordBytes} are left out
 * @param counts what is selected
 */
public record ReplayPlan(
    String stream,
    String receipt,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> where,
    String target,
    String targetIncarnation,
    long maxRecordBytes,
    ReplayPace pace,
    EnvelopeMode envelope,
    boolean toSource,
    boolean skipOversize,
    Counts counts) {
  /** Length of the short id. */
  public static final int ID_CHARS = 12;

  /**
   * What a plan selects.
   *
   * @param records all selected records, those too large included
   * @param payloadBytes sum of their payloads, without envelopes
   * @param oversize records that are too large for the target with their envelope
   */
  public record Counts(long records, long payloadBytes, long oversize) {}

  /** Records that a whole run sends. */
  public long toSend() {
    return counts.records() - counts.oversize();
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
