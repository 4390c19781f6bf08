package io.watershed.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happened in one run, one line an event: virtual time, who, what. Without ids and wall times,
 * so equal for equal seeds. Keeps the last lines, and a digest over all.
 */
final class Trace {
  private static final int KEPT = 400;

  private final Deque<String> last = new ArrayDeque<>();
  private long events;
  private long digest = 1125899906842597L;

  void add(long nanos, String who, String what) {
    String line = time(nanos) + " " + who + ": " + what;
    events++;
    for (int i = 0; i < line.length(); i++) {
      digest = 31 * digest + line.charAt(i);
    }
    last.addLast(line);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
  }

  /** How many events there were. */
  long events() {
    return events;
  }

  /** A digest over every line. */
  long digest() {
    return digest;
  }

  /** The last lines, oldest first. */
  List<String> last() {
    return new ArrayList<>(last);
  }

  private static String time(long nanos) {
    Duration since = Duration.ofNanos(nanos);
    return "%d:%02d:%02d.%03d"
        .formatted(
            since.toHours(), since.toMinutesPart(), since.toSecondsPart(), since.toMillisPart());
  }
}
