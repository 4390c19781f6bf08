package io.watershed.replay;

import java.util.Locale;

/** How a replayed record is marked on the target. */
public enum EnvelopeMode {
  /** With its origin, so that consumers can converge and archivers can recognise it. */
  ON,
  /**
   * Not at all: the payload's own bytes. Consumers cannot tell a replayed record from a live one,
   * and an archive of the target takes it for a new one.
   */
  OFF;

  /** The word in plans. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
