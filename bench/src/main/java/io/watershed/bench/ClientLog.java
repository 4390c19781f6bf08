package io.watershed.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients did: how long each kind of question took, what failed. Thread-safe. */
final class ClientLog {
  private static final int KEPT_ERRORS = 20;

  private final Map<String, List<Double>> millis = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();
  private long errorCount;
  private long waits;
  private long tailed;
  private long skipped;

  synchronized void answered(String question, long nanos) {
    millis.computeIfAbsent(question, key -> new ArrayList<>()).add(nanos / 1e6);
  }

  synchronized void failed(String question, Exception error) {
    errorCount++;
    if (errors.size() < KEPT_ERRORS) {
      errors.add(question + ": " + error);
    }
  }

  /** The server said when to ask again, and the client waited. */
  synchronized void waited() {
    waits++;
  }

  synchronized void tailed(long records, long left) {
    tailed += records;
    skipped += left;
  }

  synchronized List<String> questions() {
    return List.copyOf(millis.keySet());
  }

  synchronized int count(String question) {
    return millis.getOrDefault(question, List.of()).size();
  }

  /** The nearest rank, in milliseconds; 0 if nothing was answered. */
  synchronized double percentile(String question, int percent) {
    List<Double> sorted = millis.getOrDefault(question, List.of()).stream().sorted().toList();
    if (sorted.isEmpty()) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  synchronized long errors() {
    return errorCount;
  }

  synchronized List<String> firstErrors() {
    return List.copyOf(errors);
  }

  synchronized long waits() {
    return waits;
  }

  /** Records that tails got. */
  synchronized long tailed() {
    return tailed;
  }

  /** Records that tails were told they missed. */
  synchronized long skipped() {
    return skipped;
  }
}
