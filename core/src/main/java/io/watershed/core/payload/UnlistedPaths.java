package io.watershed.core.payload;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The paths that have values in a file's payloads but no column in the file (PROTOCOL 4.3). A
 * column that the file lacks is NULL in all its records, exactly, unless this says that it {@link
 * #mayHold may hold} a value: then the payloads must be shredded again.
 *
 * <p>As text, one entry is a path and a type ({@code $.amount double}, {@code $.customer struct}
 * for an object and all below it, {@code $.x none} for a value that no column can hold); {@code *}
 * stands for any path, when there were too many to name.
 */
public final class UnlistedPaths {
  /** Every column that the file has is all there is. */
  public static final UnlistedPaths NONE = new UnlistedPaths(List.of());

  private static final String ANY = "*";
  private static final String NO_TYPE = "none";

  private final List<String> texts;
  private final Set<String> lookup;

  private UnlistedPaths(List<String> texts) {
    this.texts = List.copyOf(texts);
    this.lookup = new HashSet<>(texts);
  }

  /** What was observed and has no column, cut at the bound. */
  public static UnlistedPaths of(Observations observations, SchemaSettings settings) {
    List<String> texts = new ArrayList<>();
    boolean more = observations.more();
    for (Observation observation : observations.seen()) {
      if (texts.size() < settings.maxUnlistedPaths()) {
        texts.add(text(observation));
      } else {
        more = true;
      }
    }
    if (more) {
      texts.add(ANY);
    }
    return new UnlistedPaths(texts);
  }

  /** Reads {@link #texts()}. Entries that a later version may add are kept. */
  public static UnlistedPaths parse(List<String> texts) {
    return new UnlistedPaths(texts);
  }

  /** The entries, for the footer. */
  public List<String> texts() {
    return texts;
  }

  /** Whether a column that the file lacks can have a value in one of its payloads. */
  public boolean mayHold(PayloadPath path, ColumnType type) {
    if (lookup.isEmpty()) {
      return false;
    }
    if (lookup.contains(ANY) || lookup.contains(entry(path, type.suffix()))) {
      return true;
    }
    for (PayloadPath above = path; above.keys().size() > 1; ) {
      above = above.parent();
      if (lookup.contains(entry(above, ColumnType.STRUCT.suffix()))) {
        return true;
      }
    }
    return false;
  }

  private static String text(Observation observation) {
    return entry(observation.path(), observation.type().map(ColumnType::suffix).orElse(NO_TYPE));
  }

  private static String entry(PayloadPath path, String type) {
    return path.text() + " " + type;
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
