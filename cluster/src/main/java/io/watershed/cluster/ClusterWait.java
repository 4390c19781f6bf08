package io.watershed.cluster;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Waits for a cluster, or a step on it, and tells of each change. One thread. */
public final class ClusterWait {
  private static final Duration FIRST_LOOKS = Duration.ofSeconds(10);
  private static final Duration LATER_LOOKS = Duration.ofSeconds(30);
  private static final int EARLY = 6;

  private final EmrClusters clusters;
  private final Pause pause;
  private final InstantSource clock;

  /**
   * @param pause between two looks
   */
  public ClusterWait(EmrClusters clusters, Pause pause, InstantSource clock) {
    this.clusters = clusters;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * A look at the cluster.
   *
   * @param cluster as it is
   * @param changed whether state or reason are others than before
   * @param waited since the wait began
   */
  public record Look(ClusterInfo cluster, boolean changed, Duration waited) {}

  /**
   * Waits until it can be used.
   *
   * @throws WatershedException {@code refused} if it ends instead; {@code limit} after the longest
   *     time; {@code cancelled}
   */
  public ClusterInfo untilReady(String id, Duration longest, Consumer<Look> watcher) {
    ClusterInfo cluster = until(id, longest, watcher, info -> info.isReady() || info.isEnding());
    if (cluster.isEnding()) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "the cluster "
              + id
              + " is "
              + cluster.state()
              + (cluster.reason().isEmpty() ? "" : ": " + cluster.reason()),
          "Nothing of it runs on, so nothing costs. 'aws emr describe-cluster --cluster-id "
              + id
              + "' and the logs at 'log_uri' tell more; correct the cause and launch again.");
    }
    return cluster;
  }

  /** Waits until nothing of it runs; errors as in {@link #untilReady}. */
  public ClusterInfo untilOver(String id, Duration longest, Consumer<Look> watcher) {
    return until(id, longest, watcher, ClusterInfo::isOver);
  }

  private ClusterInfo until(
      String id, Duration longest, Consumer<Look> watcher, Predicate<ClusterInfo> done) {
    Instant start = clock.instant();
    String before = "";
    for (int look = 1; ; look++) {
      ClusterInfo cluster = clusters.describe(id);
      String now = cluster.state() + cluster.reason();
      Duration waited = Duration.between(start, clock.instant());
      watcher.accept(new Look(cluster, !now.equals(before), waited));
      before = now;
      if (done.test(cluster)) {
        return cluster;
      }
      if (waited.compareTo(longest) > 0) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            "the cluster " + id + " is still " + cluster.state() + " after " + text(longest),
            "It goes on, and costs. Wait on with 'watershed cluster wait-for-cluster', or end it"
                + " with 'watershed cluster terminate-cluster'.");
      }
      pause.forTime(look <= EARLY ? FIRST_LOOKS : LATER_LOOKS);
    }
  }

  /**
   * Waits until a step is done.
   *
   * @throws WatershedException {@code refused} if it fails; {@code limit}; {@code cancelled}
   */
  public void untilDone(
      String id, String step, Duration longest, Consumer<EmrClusters.StepInfo> watcher) {
    Instant start = clock.instant();
    while (true) {
      EmrClusters.StepInfo info = clusters.step(id, step);
      watcher.accept(info);
      if (info.isDone()) {
        return;
      }
      if (info.isOver()) {
        throw new WatershedException(
            ErrorCode.REFUSED,
            "the step "
                + step
                + " on cluster "
                + id
                + " is "
                + info.state()
                + (info.reason().isEmpty() ? "" : ": " + info.reason()),
            info.log()
                .map(log -> "Its log: " + log + ".")
                .orElse("'aws emr describe-step' and the cluster's logs tell more."));
      }
      if (Duration.between(start, clock.instant()).compareTo(longest) > 0) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            "the step " + step + " is still " + info.state() + " after " + text(longest),
            "It goes on; 'aws emr describe-step' tells how far it is.");
      }
      pause.forTime(FIRST_LOOKS);
    }
  }

  private static String text(Duration time) {
    return time.toMinutes() + " min";
  }
}
