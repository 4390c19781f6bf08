package io.watershed.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A record as a consumer wants it, live or replayed: the original payload and the version to
 * compare by. Immutable by agreement: nobody changes the payload.
 */
public final class ReceivedRecord {
  /** Replays of replays have one envelope in another; below this many, the rest is payload. */
  private static final int MAX_ENVELOPES = 16;

  private final byte[] payload;
  private final Version version;
  private final Optional<Envelope> envelope;
  private final Optional<Position> origin;

  private ReceivedRecord(
      byte[] payload, Version version, Optional<Envelope> envelope, Optional<Position> origin) {
    this.payload = payload;
    this.version = version;
    this.envelope = envelope;
    this.origin = origin;
  }

  /**
   * Takes all envelopes off a record. An envelope whose digest does not fit counts as payload:
   * somebody edited that record and put it again, so it is a live one. The first origin counts: a
   * replay of a replay is still a copy of the first record, and of a record that overwrote it is a
   * copy of just that.
   *
   * @param position where the consumer read the record
   * @param bytes the record's data
   */
  public static ReceivedRecord of(Position position, byte[] bytes) {
    List<Envelope> envelopes = envelopes(bytes);
    if (envelopes.isEmpty()) {
      return new ReceivedRecord(bytes, Version.of(position), Optional.empty(), Optional.empty());
    }
    Envelope outermost = envelopes.get(0);
    Envelope innermost = envelopes.get(envelopes.size() - 1);
    return new ReceivedRecord(
        innermost.payload(),
        versionOf(envelopes),
        Optional.of(outermost),
        Optional.of(innermost.header().origin()));
  }

  /** From the outside in. */
  private static List<Envelope> envelopes(byte[] bytes) {
    List<Envelope> envelopes = new ArrayList<>();
    Optional<Envelope> next = unwrapIntact(bytes);
    while (next.isPresent() && envelopes.size() < MAX_ENVELOPES) {
      envelopes.add(next.get());
      next = unwrapIntact(next.get().payload());
    }
    return envelopes;
  }

  private static Version versionOf(List<Envelope> envelopes) {
    Version version = Version.of(envelopes.get(envelopes.size() - 1).header().origin());
    for (int i = envelopes.size() - 1; i >= 0; i--) {
      Optional<Position> fence = envelopes.get(i).header().fence();
      if (fence.isPresent()) {
        version = Version.overwriting(fence.get(), version);
      }
    }
    return version;
  }

  /** The original payload. */
  public byte[] payload() {
    return payload;
  }

  /** The version to compare by. */
  public Version version() {
    return version;
  }

  /** The outermost envelope: the replay that sent the record, and its annotations. */
  public Optional<Envelope> envelope() {
    return envelope;
  }

  /** The first record that this one is a copy of, however often it was replayed since. */
  public Optional<Position> origin() {
    return origin;
  }

  /** What the plan of the last replay added, by name; empty for a live record. */
  public Map<String, String> annotations() {
    return envelope.map(e -> e.header().annotations()).orElse(Map.of());
  }

  /** Whether the record is a copy sent by a replay. */
  public boolean isReplayed() {
    return envelope.isPresent();
  }

  private static Optional<Envelope> unwrapIntact(byte[] bytes) {
    return Envelope.unwrap(bytes).filter(Envelope::isIntact);
  }
}
