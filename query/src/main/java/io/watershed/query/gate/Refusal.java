package io.watershed.query.gate;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/** Errors of the gate: all have code {@code sql}, and say what is allowed instead. */
final class Refusal {
  private static final int QUOTED_CHARS = 80;

  private Refusal() {}

  static WatershedException of(String message, String hint) {
    return new WatershedException(ErrorCode.SQL, message, hint);
  }

  /** A name from the statement, shortened and without line breaks. */
  static String quote(String name) {
    String line = name.replaceAll("\\p{Cntrl}", " ");
    return "'"
        + (line.length() <= QUOTED_CHARS ? line : line.substring(0, QUOTED_CHARS) + "…")
        + "'";
  }
}
