package io.watershed.core.payload;

import io.watershed.consumer.Envelope;

/** Payloads of replayed records: what formats other than JSON find behind the envelope's header. */
final class Replayed {
  private Replayed() {}

  /** The payload without its envelope; the payload itself if it has none. */
  static byte[] original(byte[] payload) {
    return Envelope.isReplayed(payload)
        ? Envelope.unwrap(payload).map(Envelope::payload).orElse(payload)
        : payload;
  }
}
