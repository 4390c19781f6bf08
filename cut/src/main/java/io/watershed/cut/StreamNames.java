package io.watershed.cut;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which stream, and which side of it, a name in SQL means. SQL does not tell upper from lower case;
 * streams do: the exact name wins, then the only one that differs in case. A stream with characters
 * that SQL needs quotes for also goes by its name with underscores in their place.
 */
public final class StreamNames {
  private final SortedSet<String> streams;

  /** Of these streams. */
  public StreamNames(SortedSet<String> streams) {
    this.streams = new TreeSet<>(streams);
  }

  /** A side of a stream's view. */
  public enum Side {
    /** Archive and live. */
    BOTH(""),
    /** The archive's part of the cut. */
    ARCHIVE("_archive"),
    /** The live part of the cut. */
    LIVE("_live"),
    /** Replayed records that came back and were kept, which the others do not show. */
    COPIES("_copies");

    private final String suffix;

    Side(String suffix) {
      this.suffix = suffix;
    }

    /** What the stream's name is followed by. */
    public String suffix() {
      return suffix;
    }
  }

  /** What a table name means. */
  public record Meaning(String stream, Side side) {}

  /** The streams. */
  public SortedSet<String> streams() {
    return Collections.unmodifiableSortedSet(streams);
  }

  /** The stream and side; empty if the name means neither. */
  public Optional<Meaning> find(String name) {
    for (Side side : Side.values()) {
      Optional<String> base = withoutSuffix(name, side.suffix);
      Optional<String> stream = base.flatMap(this::stream);
      if (stream.isPresent()) {
        return Optional.of(new Meaning(stream.get(), side));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> withoutSuffix(String name, String suffix) {
    int end = name.length() - suffix.length();
    return end > 0 && name.regionMatches(true, end, suffix, 0, suffix.length())
        ? Optional.of(name.substring(0, end))
        : Optional.empty();
  }

  private Optional<String> stream(String name) {
    if (streams.contains(name)) {
      return Optional.of(name);
    }
    List<String> matches = new ArrayList<>();
    for (String stream : streams) {
      if (stream.equalsIgnoreCase(name) || alias(stream).equalsIgnoreCase(name)) {
        matches.add(stream);
      }
    }
    if (matches.size() > 1) {
      throw new WatershedException(
          ErrorCode.SQL,
          "'" + name + "' may mean any of the streams " + String.join(", ", matches),
          "Write the stream's exact name in double quotes.");
    }
    return matches.stream().findFirst();
  }

  private static String alias(String stream) {
    return stream.replaceAll("[^A-Za-z0-9_]", "_");
  }
}
