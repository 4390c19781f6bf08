package io.watershed.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where one shard's reader was during the last minutes, as times of the stream: MillisBehindLatest
 * before the time of the read. Bounded, whatever is read. One step at a time.
 */
final class ReadTrack {
  /** Long enough for a commit and a pause of reading to even out. */
  private static final Duration WINDOW = Duration.ofMinutes(3);

  private static final Duration SAMPLE_WIDTH = Duration.ofSeconds(5);

  /** A reader without answers for longer than this stands still. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A speed is taken from no less than this. */
  private static final Duration LEAST_EVIDENCE = Duration.ofSeconds(30);

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long bytes;
  private OptionalDouble density = OptionalDouble.empty();

  /** How far it had come at a time, and how many bytes it had read by then. */
  private record Sample(Instant at, Instant position, long bytes) {}

  /**
   * Notes a read.
   *
   * @param askedAt when it was asked for
   * @param behind MillisBehindLatest of its answer
   * @param payloadBytes of its records
   */
  void read(Instant askedAt, Duration behind, long payloadBytes) {
    bytes += payloadBytes;
    Sample sample = new Sample(askedAt, askedAt.minus(behind), bytes);
    Sample last = samples.peekLast();
    // The first sample is where the track begins, so it is never replaced.
    boolean same =
        samples.size() > 1
            && last != null
            && Duration.between(previous().at(), askedAt).compareTo(SAMPLE_WIDTH) < 0;
    if (same) {
      samples.removeLast();
    }
    samples.addLast(sample);
    forget(askedAt);
    Sample first = samples.getFirst();
    double streamSeconds = seconds(Duration.between(first.position(), sample.position()));
    long read = sample.bytes() - first.bytes();
    if (streamSeconds > 0 && read > 0) {
      density = OptionalDouble.of(read / streamSeconds);
    }
  }

  private Sample previous() {
    var newestFirst = samples.descendingIterator();
    newestFirst.next();
    return newestFirst.next();
  }

  private void forget(Instant now) {
    while (samples.size() > 2 && samples.getFirst().at().isBefore(now.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  /**
   * Where it stands now; empty before the first read. A reader that gets no answers stands still.
   *
   * @param retention of the stream
   */
  Optional<TrimForecast> forecast(Instant now, Duration retention) {
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    forget(now);
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    Duration lag = Duration.between(last.position(), now);
    boolean stands = Duration.between(last.at(), now).compareTo(PATIENCE) > 0;
    Instant until = stands ? now : last.at();
    Duration seen = Duration.between(first.at(), until);
    OptionalDouble speed = OptionalDouble.empty();
    double rate = 0;
    if (seen.compareTo(LEAST_EVIDENCE) >= 0) {
      double advanced = seconds(Duration.between(first.position(), last.position()));
      speed = OptionalDouble.of(Math.max(0, advanced / seconds(seen)));
      rate = (last.bytes() - first.bytes()) / seconds(seen);
    }
    return Optional.of(
        TrimForecast.of(lag.isNegative() ? Duration.ZERO : lag, retention, speed, rate, density));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
