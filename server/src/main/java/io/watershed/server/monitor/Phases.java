package io.watershed.server.monitor;

import io.watershed.archive.StreamStatus.Phase;
import java.util.Locale;

/** The words for what an archiver does, the same in every page. */
final class Phases {
  private Phases() {}

  static String word(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }
}
