package io.watershed.simulator;

import java.time.Duration;
import java.util.Random;

/**
 * Which faults one run has, and how often. Each seed switches most of them on or off as a whole:
 * runs in which everything happens at once hide what a few faults do together ("swarm testing",
 * https://users.cs.utah.edu/~regehr/papers/swarm12.pdf).
 *
 * @param lostRequest of requests to the stream or the store that never arrive
 * @param lostAnswer of requests that arrive, whose answer does not
 * @param lateAnswer of answers of the stream that take minutes
 * @param throttle of requests to the stream
 * @param serverError of requests to the stream
 * @param expiredIterator of reads whose iterator is refused though it is fresh
 * @param emptyRead of reads before the tip that bring nothing
 * @param lateShards the longest that a new shard is not listed
 * @param lateLanding of creates that land later, when the sender has given up
 * @param storeTries how often a create without an answer is sent again
 * @param stall of requests to the store before which time passes
 * @param crashAtRequest of requests to the store before or after which the process crashes
 * @param sleepAtRequest of requests to the store before or after which the process sleeps
 * @param crashEvery mean time between two crashes; zero for none
 * @param sleepEvery mean time between two long sleeps; zero for none
 * @param longestDowntime of a process that crashed, and of a sleep
 * @param twoArchivers whether a second archiver is started now and then
 * @param reshardEvery mean time between two changes of the shards; zero for none
 * @param recreateEvery mean time between two deletions of the stream; zero for none
 * @param earlyTrims whether the retention is shortened for a moment while no archiver runs
 * @param outageEvery mean time between two outages of stream or store; zero for none
 * @param arrivalError the most that an arrival time is off
 * @param clockError the most that a process's clock is off
 */
record FaultPlan(
    double lostRequest,
    double lostAnswer,
    double lateAnswer,
    double throttle,
    double serverError,
    double expiredIterator,
    double emptyRead,
    Duration lateShards,
    double lateLanding,
    int storeTries,
    double stall,
    double crashAtRequest,
    double sleepAtRequest,
    Duration crashEvery,
    Duration sleepEvery,
    Duration longestDowntime,
    boolean twoArchivers,
    Duration reshardEvery,
    Duration recreateEvery,
    boolean earlyTrims,
    Duration outageEvery,
    Duration arrivalError,
    Duration clockError) {

  /** Nothing fails; for scenarios that say themselves what does. */
  static final FaultPlan NONE =
      new FaultPlan(
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          Duration.ZERO,
          0,
          1,
          0,
          0,
          0,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          false,
          Duration.ZERO,
          Duration.ZERO,
          false,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);

  /** The plan of a seed. */
  static FaultPlan of(Random random, Duration retention) {
    boolean network = random.nextInt(4) != 0;
    boolean kinesis = random.nextInt(4) != 0;
    boolean store = random.nextInt(4) != 0;
    boolean longDowntime = random.nextInt(3) == 0;
    return new FaultPlan(
        network ? some(random, 0.03) : 0,
        network ? some(random, 0.03) : 0,
        network && kinesis ? some(random, 0.01) : 0,
        kinesis ? some(random, 0.05) : 0,
        kinesis ? some(random, 0.02) : 0,
        kinesis ? some(random, 0.01) : 0,
        kinesis ? some(random, 0.3) : 0,
        kinesis ? Duration.ofSeconds(random.nextInt(30)) : Duration.ZERO,
        store ? some(random, 0.1) : 0,
        1 + random.nextInt(3),
        some(random, 0.05),
        random.nextInt(2) == 0 ? some(random, 0.01) : 0,
        random.nextInt(2) == 0 ? some(random, 0.01) : 0,
        sometimes(random, Duration.ofMinutes(6)),
        sometimes(random, Duration.ofMinutes(8)),
        longDowntime ? retention.multipliedBy(2) : Duration.ofMinutes(2),
        random.nextInt(3) == 0,
        sometimes(random, Duration.ofMinutes(4)),
        random.nextInt(5) == 0 ? Duration.ofMinutes(15) : Duration.ZERO,
        random.nextInt(4) == 0,
        random.nextInt(3) == 0 ? Duration.ofMinutes(8) : Duration.ZERO,
        Duration.ofSeconds(random.nextInt(10)),
        Duration.ofSeconds(random.nextInt(10)));
  }

  private static double some(Random random, double most) {
    return random.nextDouble() * most;
  }

  private static Duration sometimes(Random random, Duration mean) {
    return random.nextInt(3) == 0 ? Duration.ZERO : mean;
  }
}
