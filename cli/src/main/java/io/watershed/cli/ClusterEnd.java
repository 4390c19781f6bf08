package io.watershed.cli;

/** What is done, and said, of a cluster when a command is done with it. */
final class ClusterEnd {
  private final ClusterSession session;
  private final String cluster;

  ClusterEnd(ClusterSession session, String cluster) {
    this.session = session;
    this.cluster = cluster;
  }

  /**
   * Ends it, or says what it costs.
   *
   * @param terminate whether it ends with the command
   */
  void after(boolean terminate) {
    if (terminate) {
      // Ctrl-C has ended the forwarding; the rest is short, and another one ends the command.
      new ClusterSteps(session).terminate(session.clusters().describe(cluster), false);
      session
          .context()
          .console()
          .say("   It ends within minutes; 'terminate-cluster' waits for that.");
    } else {
      session
          .context()
          .console()
          .say(
              "   The cluster "
                  + cluster
                  + " goes on, and costs. End it with '"
                  + session.context().again("cluster", "terminate-cluster")
                  + "'.");
    }
  }
}
