package io.watershed.localkinesis;

import java.util.Random;

/** Draws the random decisions of {@link Hostility}. Thread-safe. */
final class Mischief {
  private final Hostility hostility;
  private final Random random;

  Mischief(Hostility hostility) {
    this.hostility = hostility;
    this.random = new Random(hostility.seed());
  }

  Hostility hostility() {
    return hostility;
  }

  /** Whether something of this probability happens now. */
  boolean strikes(double rate) {
    return rate > 0 && random.nextDouble() < rate;
  }

  /** When a record claims to have arrived that arrives now. */
  long arrivalMillis(long nowMillis) {
    long jitter = hostility.arrivalJitter().toMillis();
    return jitter == 0 ? nowMillis : nowMillis - jitter + random.nextLong(2 * jitter + 1);
  }

  /** The second that the numbers of a first shard begin with. */
  long numberSecond(long nowMillis) {
    long second = nowMillis / 1_000;
    return hostility.scatterSequenceNumbers() ? second - random.nextLong(SCATTER_SECONDS) : second;
  }

  private static final long SCATTER_SECONDS = 365L * 24 * 3_600;
}
