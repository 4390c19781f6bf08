package io.watershed.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What came of records that were put one at a time and asked for at once.
 *
 * @param millis per record, sorted: from its put to the end of the first statement that has it
 * @param statements statements for each record, on average
 * @param calls GetRecords calls of a statement, on average
 * @param kilobytes payload bytes of its answers, on average, in 10^3
 */
record Probes(List<Double> millis, double statements, double calls, double kilobytes) {
  private static final int LONGEST_PAUSE_MILLIS = 2_000;
  private static final int WARM_UP = 5;

  Probes {
    millis = millis.stream().sorted().toList();
  }

  /** Puts records at random times, a second apart on average, and asks for each. */
  static Probes run(HeldStream stream, HeldStream.Side side, int count)
      throws InterruptedException {
    Random random = new Random(4);
    List<Double> millis = new ArrayList<>(Collections.nCopies(count, 0.0));
    long statements = 0;
    for (int i = -Math.min(WARM_UP, count); i < count; i++) {
      if (i == 0) {
        side.reads().reset();
        statements = 0;
      }
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      String probe = "probe-" + random.nextLong();
      long start = System.nanoTime();
      stream.putProbe(probe);
      do {
        statements++;
      } while (!side.sees(probe));
      if (i >= 0) {
        millis.set(i, (System.nanoTime() - start) / 1e6);
      }
    }
    return new Probes(
        millis,
        (double) statements / count,
        (double) side.reads().calls() / statements,
        side.reads().bytes() / 1e3 / statements);
  }

  int count() {
    return millis.size();
  }

  /** The nearest rank. */
  double percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * millis.size());
    return millis.get(Math.max(0, rank - 1));
  }
}
