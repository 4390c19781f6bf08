package io.watershed.query.follow;

import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.SharedSource;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The streams that are followed now, each read once for all who follow it. Thread-safe. */
final class SharedStreams {
  private static final long HEAP_SHARE = 16;

  private final Duration interval;
  private final Scheduler scheduler;
  private final Map<String, Followed> streams = new HashMap<>();

  SharedStreams(Duration interval, Scheduler scheduler) {
    this.interval = interval;
    this.scheduler = scheduler;
  }

  private static final class Followed {
    final SharedSource source;
    int followers;

    Followed(SharedSource source) {
      this.source = source;
    }
  }

  /** One follower's part; what was read goes with the last one. */
  final class Lease implements AutoCloseable {
    private final String stream;
    private final StreamSource source;

    private Lease(String stream, StreamSource source) {
      this.stream = stream;
      this.source = source;
    }

    StreamSource source() {
      return source;
    }

    @Override
    public void close() {
      synchronized (SharedStreams.this) {
        streams.computeIfPresent(
            stream, (name, followed) -> --followed.followers == 0 ? null : followed);
      }
    }
  }

  /** Once closed, a lease is of no use; close it once. */
  synchronized Lease join(String stream, StreamSource source) {
    Followed followed =
        streams.computeIfAbsent(
            stream,
            name -> new Followed(new SharedSource(source, interval, this::share, scheduler)));
    followed.followers++;
    return new Lease(stream, followed.source);
  }

  /** What one stream may keep. */
  private synchronized long share() {
    return Runtime.getRuntime().maxMemory() / HEAP_SHARE / Math.max(1, streams.size());
  }
}
