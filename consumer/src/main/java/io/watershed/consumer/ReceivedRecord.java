package io.watershed.consumer;

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

  private ReceivedRecord(byte[] payload, Version version, Optional<Envelope> envelope) {
    this.payload = payload;
    this.version = version;
    this.envelope = envelope;
  }

  /**
   * Takes all envelopes off a record. An envelope whose digest does not fit counts as payload:
   * somebody edited that record and put it again, so it is a live one. The first origin counts: a
   * replay of a replay is still a copy of the first record.
   *
   * @param position where the consumer read the record
   * @param bytes the record's data
   */
  public static ReceivedRecord of(Position position, byte[] bytes) {
    Optional<Envelope> outermost = unwrapIntact(bytes);
    if (outermost.isEmpty()) {
      return new ReceivedRecord(bytes, Version.of(position), Optional.empty());
    }
    Envelope innermost = outermost.get();
    for (int i = 1; i < MAX_ENVELOPES; i++) {
      Optional<Envelope> inner = unwrapIntact(innermost.payload());
      if (inner.isEmpty()) {
        break;
      }
      innermost = inner.get();
    }
    Version version = versionOf(outermost.get().header(), innermost.header().origin());
    return new ReceivedRecord(innermost.payload(), version, outermost);
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

  /** Whether the record is a copy sent by a replay. */
  public boolean isReplayed() {
    return envelope.isPresent();
  }

  private static Version versionOf(EnvelopeHeader header, Position origin) {
    return header
        .fence()
        .map(fence -> Version.overwriting(fence, origin))
        .orElseGet(() -> Version.of(origin));
  }

  private static Optional<Envelope> unwrapIntact(byte[] bytes) {
    return Envelope.unwrap(bytes).filter(Envelope::isIntact);
  }
}
