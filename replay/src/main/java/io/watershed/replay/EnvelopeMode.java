package io.watershed.replay;

import io.watershed.consumer.EnvelopeForm;
import java.util.Locale;
import java.util.Optional;

/** How a replayed record is marked on the target ({@code docs/envelope.md}). */
public enum EnvelopeMode {
  /**
   * As the first member of a JSON object, before any other payload: with its origin, so that
   * consumers can converge and archivers can recognise it.
   */
  MEMBER(Optional.of(EnvelopeForm.MEMBER)),
  /** The same, always before the payload. */
  HEADER(Optional.of(EnvelopeForm.HEADER)),
  /**
   * Not at all: the payload's own bytes. Consumers cannot tell a replayed record from a live one,
   * and an archive of the target takes it for a new one.
   */
  NONE(Optional.empty());

  private final Optional<EnvelopeForm> form;

  EnvelopeMode(Optional<EnvelopeForm> form) {
    this.form = form;
  }

  /** The form of the envelope; empty if there is none. */
  public Optional<EnvelopeForm> form() {
    return form;
  }

  /** The word in plans and commands. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The mode that {@link #text} names.
   *
   * @throws IllegalArgumentException if there is no such mode
   */
  public static EnvelopeMode parse(String text) {
    for (EnvelopeMode mode : values()) {
      if (mode.text().equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("an envelope is member, header or none, not " + text);
  }
}
