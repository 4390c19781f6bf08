package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings;
import io.watershed.reservoir.Reservoir;
import java.time.InstantSource;
import java.util.List;

/**
 * Archives one or several streams into one reservoir. One stream's trouble never stops another. Use
 * an instance for one run.
 */
public final class ArchiveService implements AutoCloseable {
  private final Reservoir reservoir;
  private final List<ArchivedStream> streams;
  private final ArchiveSettings settings;
  private final InstantSource clock;

  /**
   * @param reservoir where to archive; closed by whoever opened it
   * @param streams what to archive, at least one, names distinct
   * @param settings limits; the process bound of the buffers is divided by the number of streams
   * @param clock the time
   */
  public ArchiveService(
      Reservoir reservoir,
      List<ArchivedStream> streams,
      ArchiveSettings settings,
      InstantSource clock) {
    this.reservoir = reservoir;
    this.streams = List.copyOf(streams);
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Archives until the stop signal, or with {@link ArchiveMode#ONCE} until every shard has been
   * read to its tip, and commits what was read. Blocks. Failures of a stream are in the outcome,
   * not thrown; the others go on.
   */
  public ArchiveOutcome run(ArchiveMode mode, StopSignal stop) {
    if (!streams.isEmpty()) {
      throw new UnsupportedOperationException(
          "under construction: " + reservoir + settings + clock + mode + stop.isRequested());
    }
    return new ArchiveOutcome(List.of());
  }

  /** What every stream's archiver does now, in the order of the streams. Thread-safe, cheap. */
  public List<StreamStatus> status() {
    return List.of();
  }

  /** Ends all threads at once, without a commit; after {@link #run} returned there are none. */
  @Override
  public void close() {}
}
