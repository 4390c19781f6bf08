package io.watershed.drill;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.CutResolver.LiveReads;
import io.watershed.cut.LiveRange;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamNames.Side;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cut of one statement: each stream is pinned when it is first named, and once. */
final class Cut {
  private final Water water;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final Map<String, Stream> pinned = new TreeMap<>();
  private @Nullable LiveReads reads;

  Cut(Water water) {
    this.water = water;
  }

  /**
   * A stream's part of it.
   *
   * @param id tells cuts apart in plans
   * @param resolved without its live records
   * @param ranges where these are
   */
  record Stream(String id, ResolvedStream resolved, List<LiveRange> ranges) {}

  /**
   * The stream's part, pinned now if it is not yet. Blocks while the live side is read.
   *
   * @throws WatershedException also {@code unreachable} and the like when the side needs a live
   *     side that could not be read: there is nobody to show a notice to
   */
  synchronized Stream pin(String stream, Side side) {
    Stream part = pinned.get(stream);
    if (part == null) {
      LiveReads shared = reads == null ? water.newStatement() : reads;
      reads = shared;
      ResolvedStream resolved = water.resolve(stream, shared);
      part = new Stream(id, withoutRecords(resolved), LiveRange.of(resolved));
      pinned.put(stream, part);
    }
    List<String> notices = part.resolved().notices();
    if (side != Side.ARCHIVE && !notices.isEmpty()) {
      throw new WatershedException(
          ErrorCode.UNREACHABLE,
          notices.stream().collect(Collectors.joining(" ")),
          "Ask " + stream + Side.ARCHIVE.suffix() + " for what is archived.");
    }
    return part;
  }

  /** Readers on the drillbits read them again: a plan keeps none. */
  private static ResolvedStream withoutRecords(ResolvedStream resolved) {
    return new ResolvedStream(
        resolved.pinned(),
        resolved.state(),
        resolved.files(),
        resolved.outside(),
        List.of(),
        resolved.physical(),
        resolved.format(),
        resolved.estimate(),
        resolved.notices());
  }
}
