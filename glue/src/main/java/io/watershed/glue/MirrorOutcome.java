package io.watershed.glue;

import java.util.List;
import java.util.Optional;

/**
 * What was done for one archive.
 *
 * @param stream its name in the reservoir
 * @param table {@code database.table} in Glue
 * @param action what the table needed
 * @param version N of the {@code v<N>.metadata.json} that it points to now
 * @param foreign where it pointed to, if that was not an object of ours; it is undone
 * @param enabled Glue's own optimizers that were found running; they are disabled
 * @param notes sentences for a person
 */
public record MirrorOutcome(
    String stream,
    String table,
    Action action,
    long version,
    Optional<String> foreign,
    List<String> enabled,
    List<String> notes) {
  public MirrorOutcome {
    enabled = List.copyOf(enabled);
    notes = List.copyOf(notes);
  }

  /** What the table needed. */
  public enum Action {
    /** It was not there. */
    CREATED,
    /** It pointed to an older version, or elsewhere. */
    UPDATED,
    /** Nothing. */
    CURRENT
  }

  /** Whether somebody else changed what only we may change. */
  public boolean isAlarm() {
    return foreign.isPresent() || !enabled.isEmpty();
  }
}
