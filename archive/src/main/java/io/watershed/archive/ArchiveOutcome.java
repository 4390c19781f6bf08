package io.watershed.archive;

import java.util.List;

/**
 * What one run did.
 *
 * @param streams in the order of the configuration
 */
public record ArchiveOutcome(List<StreamOutcome> streams) {
  private static final List<Integer> WORST_FIRST = List.of(4, 5, 1, 2, 6, 3);

  public ArchiveOutcome {
    streams = List.copyOf(streams);
  }

  /** 0, or the gravest of the streams' codes: integrity, fenced, error, usage, limit, gap. */
  public int exitCode() {
    for (int code : WORST_FIRST) {
      if (streams.stream().anyMatch(stream -> stream.exitCode() == code)) {
        return code;
      }
    }
    return 0;
  }
}
