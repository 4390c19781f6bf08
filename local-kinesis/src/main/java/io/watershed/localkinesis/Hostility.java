package io.watershed.localkinesis;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How badly the endpoint behaves, within what the real service is allowed to do (PROTOCOL 9). Rates
 * are probabilities from 0 to 1, drawn from one generator with a fixed seed; durations count on the
 * endpoint's clock.
 *
 * @param seed the seed of every random decision
 * @param throttleRate share of put and read requests that are throttled as a whole
 * @param partialFailureRate share of the records of a PutRecords request that fail alone, half as
 *     throttled and half as internal failures
 * @param serverErrorRate share of requests of any kind that are answered 500 or 503, not carried
 *     out
 * @param lostAnswerRate share of requests of any kind that are carried out, then cut off without an
 *     answer
 * @param emptyReadRate share of reads that return no records although there are some
 * @param arrivalJitter arrival times are up to this much too early or too late, so out of order
 * @param trimmedPosition what a position at a trimmed record does
 * @param scatterSequenceNumbers shards of one age number their records in unrelated ranges
 * @param listingDelay how long a new shard stays out of listings; reads and puts find it at once
 */
public record Hostility(
    long seed,
    double throttleRate,
    double partialFailureRate,
    double serverErrorRate,
    double lostAnswerRate,
    double emptyReadRate,
    Duration arrivalJitter,
    TrimmedPosition trimmedPosition,
    boolean scatterSequenceNumbers,
    Duration listingDelay) {

  /** A service on a good day. */
  public static final Hostility NONE =
      new Hostility(
          0, 0, 0, 0, 0, 0, Duration.ZERO, TrimmedPosition.HEAD_OF_SHARD, false, Duration.ZERO);

  public Hostility {
    requireRate("throttleRate", throttleRate);
    requireRate("partialFailureRate", partialFailureRate);
    requireRate("serverErrorRate", serverErrorRate);
    requireRate("lostAnswerRate", lostAnswerRate);
    requireRate("emptyReadRate", emptyReadRate);
    if (arrivalJitter.isNegative() || listingDelay.isNegative()) {
      throw new IllegalArgumentException("arrivalJitter and listingDelay must not be negative");
    }
  }

  /** Everything at once, mildly: what a reader or writer must survive. */
  public static Hostility everything(long seed) {
    return new Hostility(
        seed,
        0.05,
        0.05,
        0.02,
        0.02,
        0.2,
        Duration.ofSeconds(2),
        TrimmedPosition.EMPTY_FOREVER,
        true,
        Duration.ofMillis(200));
  }

  /** With another seed. */
  public Hostility withSeed(long value) {
    return with(copy -> copy.seed = value);
  }

  /** With this share of put and read requests throttled. */
  public Hostility withThrottleRate(double value) {
    return with(copy -> copy.throttleRate = value);
  }

  /** With this share of the records of PutRecords failing alone. */
  public Hostility withPartialFailureRate(double value) {
    return with(copy -> copy.partialFailureRate = value);
  }

  /** With this share of requests answered 500 or 503. */
  public Hostility withServerErrorRate(double value) {
    return with(copy -> copy.serverErrorRate = value);
  }

  /** With this share of requests carried out, but not answered. */
  public Hostility withLostAnswerRate(double value) {
    return with(copy -> copy.lostAnswerRate = value);
  }

  /** With this share of reads empty before the tip. */
  public Hostility withEmptyReadRate(double value) {
    return with(copy -> copy.emptyReadRate = value);
  }

  /** With arrival times up to this much off. */
  public Hostility withArrivalJitter(Duration value) {
    return with(copy -> copy.arrivalJitter = value);
  }

  /** With this behaviour of positions at trimmed records. */
  public Hostility withTrimmedPosition(TrimmedPosition value) {
    return with(copy -> copy.trimmedPosition = value);
  }

  /** With sequence numbers of one age in unrelated ranges, or not. */
  public Hostility withScatteredSequenceNumbers(boolean value) {
    return with(copy -> copy.scatterSequenceNumbers = value);
  }

  /** With new shards out of listings for this long. */
  public Hostility withListingDelay(Duration value) {
    return with(copy -> copy.listingDelay = value);
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1, not " + rate);
    }
  }

  private Hostility with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.done();
  }

  /** Takes one change, so that no {@code with} method repeats all the others. */
  private static final class Copy {
    private long seed;
    private double throttleRate;
    private double partialFailureRate;
    private double serverErrorRate;
    private double lostAnswerRate;
    private double emptyReadRate;
    private Duration arrivalJitter;
    private TrimmedPosition trimmedPosition;
    private boolean scatterSequenceNumbers;
    private Duration listingDelay;

    Copy(Hostility of) {
      seed = of.seed;
      throttleRate = of.throttleRate;
      partialFailureRate = of.partialFailureRate;
      serverErrorRate = of.serverErrorRate;
      lostAnswerRate = of.lostAnswerRate;
      emptyReadRate = of.emptyReadRate;
      arrivalJitter = of.arrivalJitter;
      trimmedPosition = of.trimmedPosition;
      scatterSequenceNumbers = of.scatterSequenceNumbers;
      listingDelay = of.listingDelay;
    }

    Hostility done() {
      return new Hostility(
          seed,
          throttleRate,
          partialFailureRate,
          serverErrorRate,
          lostAnswerRate,
          emptyReadRate,
          arrivalJitter,
          trimmedPosition,
          scatterSequenceNumbers,
          listingDelay);
    }
  }
}
