package io.watershed.bench;

import java.util.Arrays;

/** Repeats a measurement: warm-up rounds that do not count, then the median of those that do. */
final class Rounds {
  private final int warmUp;
  private final int counted;

  Rounds(int warmUp, int counted) {
    this.warmUp = warmUp;
    this.counted = counted;
  }

  static Rounds of(BenchContext context) {
    return context.quick() ? new Rounds(0, 1) : new Rounds(3, 5);
  }

  /** One round's figure. */
  interface Round {
    double measure() throws Exception;
  }

  double median(Round round) throws Exception {
    for (int i = 0; i < warmUp; i++) {
      double unused = round.measure();
    }
    double[] figures = new double[counted];
    for (int i = 0; i < counted; i++) {
      figures[i] = round.measure();
    }
    Arrays.sort(figures);
    return figures[counted / 2];
  }
}
