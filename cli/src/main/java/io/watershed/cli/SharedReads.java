package io.watershed.cli;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.SharedSource;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;

/** The streams of a process whose statements, tails and archivers share what they read. */
final class SharedReads {
  private static final long HEAP_SHARE = 8;

  /** The source keeps the pace towards the service: whoever waits for it may look often. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

  private final Duration interval;
  private final long most;
  private final Scheduler scheduler;

  /**
   * Of so many streams, which may keep an eighth of the heap.
   *
   * @param live the pace of reads
   */
  SharedReads(LiveReadSettings live, int streams, Scheduler scheduler) {
    this.interval = live.minCallInterval();
    this.most = Runtime.getRuntime().maxMemory() / HEAP_SHARE / Math.max(1, streams);
    this.scheduler = scheduler;
  }

  SharedSource source(StreamSource own) {
    return new SharedSource(own, interval, () -> most, scheduler);
  }

  /** A source whose reads are for the readers of the shared one, too. */
  StreamSource feeding(StreamSource shared, StreamSource other) {
    return shared instanceof SharedSource source ? source.fedBy(other) : other;
  }

  /** How statements read it. */
  LiveReadSettings settings(LiveReadSettings live) {
    return new LiveReadSettings(
        live.maxRecords(),
        live.maxBytes(),
        live.timeout(),
        live.minCallInterval().compareTo(LOOK_INTERVAL) < 0
            ? live.minCallInterval()
            : LOOK_INTERVAL,
        live.recordsPerCall(),
        live.resolveAttempts());
  }
}
