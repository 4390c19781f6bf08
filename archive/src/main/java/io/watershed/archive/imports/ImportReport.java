package io.watershed.archive.imports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an import did.
 *
 * @param shardId the import's name in the table
 * @param objects objects imported
 * @param rows records imported
 * @param payloadBytes of these
 * @param undecoded records among them that the stream's format does not understand: archived as
 *     they are, with {@code _decode_error}
 * @param timeFallbacks records whose time field was missing or no time: they got the object's
 * @param already objects that were imported before
 * @param overlap records that were left out because they arrived too late; empty if none
 * @param failures objects that could not be read and were not imported, at most {@value
 *     #MAX_FAILURES}
 * @param failed how many
 */
public record ImportReport(
    String shardId,
    long objects,
    long rows,
    long payloadBytes,
    long undecoded,
    long timeFallbacks,
    long already,
    Optional<Overlap> overlap,
    List<Failure> failures,
    long failed) {
  /** Failures that are kept; the rest is counted. */
  public static final int MAX_FAILURES = 100;

  public ImportReport {
    failures = List.copyOf(failures);
  }

  /**
   * Records at and after the bound, which the archive should have by itself.
   *
   * @param rows how many
   * @param first the earliest arrival
   * @param last the latest arrival
   * @param archivedToo of those that were compared, how many payloads the archive has near that
   *     time
   * @param missing of those that were compared, how many it does not have
   * @param notCompared records beyond what is compared
   */
  public record Overlap(
      long rows, Instant first, Instant last, long archivedToo, long missing, long notCompared) {}

  /**
   * An object that was not imported.
   *
   * @param location the object
   * @param reason why, without payloads
   */
  public record Failure(String location, String reason) {}
}
