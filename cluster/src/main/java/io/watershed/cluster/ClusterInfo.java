package io.watershed.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * A cluster as EMR describes it.
 *
 * @param id such as {@code j-2AXXXXXXGAPLF}
 * @param name its name; not unique in EMR
 * @param state EMR's own word, such as {@code BOOTSTRAPPING}
 * @param reason why it is in this state; often empty
 * @param host public name of the primary node, private in a private subnet; empty until it runs
 * @param protection whether it is protected from termination
 * @param created when it was asked for
 */
public record ClusterInfo(
    String id,
    String name,
    String state,
    String reason,
    Optional<String> host,
    boolean protection,
    Optional<Instant> created) {
  /** It can be used. */
  public boolean isReady() {
    return state.equals("WAITING") || state.equals("RUNNING");
  }

  /** It ends, or has ended. */
  public boolean isEnding() {
    return state.startsWith("TERMINAT");
  }

  /** It has ended: nothing of it costs anything any more. */
  public boolean isOver() {
    return state.equals("TERMINATED") || state.equals("TERMINATED_WITH_ERRORS");
  }
}
