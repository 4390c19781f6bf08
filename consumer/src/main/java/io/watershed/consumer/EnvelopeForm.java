package io.watershed.consumer;

/** Where an envelope puts its header object ({@code docs/envelope.md}). Readers take off either. */
public enum EnvelopeForm {
  /**
   * In a JSON object, as its first member, so that consumers who know nothing of envelopes still
   * read the object; before any other payload, as with {@link #HEADER}.
   */
  MEMBER,
  /** Always before the payload, whatever it is, so that the payload's bytes stay in one piece. */
  HEADER
}
