package io.watershed.simulator;

import java.time.Duration;
import java.util.List;

/**
 * What came of one seed.
 *
 * @param seed the seed
 * @param records records put
 * @param commits generations that the table went through
 * @param archivers archivers that were started
 * @param gaps gaps that were recorded
 * @param replays replays that were run to their end
 * @param superseded records that replays left out because the stream held newer ones
 * @param events events in the trace
 * @param traceDigest a digest over the whole trace
 * @param simulated how much time passed in the run
 * @param findings what is wrong, worst first found; empty if all is well
 * @param lastEvents the end of the trace, if anything is wrong
 */
public record SeedResult(
    long seed,
    long records,
    long commits,
    int archivers,
    int gaps,
    int replays,
    int superseded,
    long events,
    long traceDigest,
    Duration simulated,
    List<String> findings,
    List<String> lastEvents) {
  public SeedResult {
    findings = List.copyOf(findings);
    lastEvents = List.copyOf(lastEvents);
  }

  /** Whether nothing is wrong. */
  public boolean isWell() {
    return findings.isEmpty();
  }
}
