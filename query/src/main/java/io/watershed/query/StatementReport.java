package io.watershed.query;

import io.watershed.cut.LiveEstimate;
import java.time.Duration;
import java.util.List;

/**
 * What a statement cost: what {@code --explain} prints.
 *
 * @param streams one entry for each stream that the statement names
 * @param steps wall time of each step, in the order in which they ran
 */
public record StatementReport(List<StreamCost> streams, List<StepTime> steps) {
  public StatementReport {
    streams = List.copyOf(streams);
    steps = List.copyOf(steps);
  }

  /**
   * What one stream of a statement cost.
   *
   * @param stream the stream
   * @param files data files of the archive's snapshot
   * @param filesRead of these, files that the statement's conditions could not rule out
   * @param bytesStored size of all data files of the snapshot, in bytes
   * @param bytesFetched bytes that were fetched from remote storage for this statement
   * @param liveRecords records that came from the live side
   * @param liveBytes their payloads, in bytes
   * @param estimate what the live read was expected to come to before it was made
   */
  public record StreamCost(
      String stream,
      long files,
      long filesRead,
      long bytesStored,
      long bytesFetched,
      long liveRecords,
      long liveBytes,
      LiveEstimate estimate) {
    StreamCost withFetched(long bytes) {
      return new StreamCost(
          stream, files, filesRead, bytesStored, bytes, liveRecords, liveBytes, estimate);
    }
  }

  /** How long a step took. */
  public record StepTime(StatementControl.Step step, Duration elapsed) {}
}
