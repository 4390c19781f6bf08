package io.watershed.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The rate of something counted, over the last seconds. */
final class RateMeter {
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long count) {}

  /** Adds a sample; as often as progress is told, so few. */
  void add(long nanos, long count) {
    samples.add(new Sample(nanos, count));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Per second; 0 before two samples. */
  double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    long nanos = samples.getLast().nanos() - samples.getFirst().nanos();
    long count = samples.getLast().count() - samples.getFirst().count();
    return nanos <= 0 ? 0 : count * NANOS_PER_SECOND / nanos;
  }

  /** How long so many more take at this rate. */
  Optional<Duration> timeFor(long count) {
    double rate = perSecond();
    return rate <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis((long) (count / rate * 1000)));
  }
}
