package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.cluster.ClusterInfo;
import io.watershed.cluster.ClusterResource;
import io.watershed.cluster.ClusterResources;
import io.watershed.cluster.ClusterWait;
import io.watershed.cluster.DrillStorage;
import io.watershed.cluster.EmrClusters;
import io.watershed.cluster.HiveTables;
import io.watershed.cluster.HiveTables.HiveStream;
import io.watershed.cluster.LaunchPlan;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.ArchiveTable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The steps of a cluster's life, one by one or all in a row. Each can be done again. */
final class ClusterSteps {
  /** A cluster takes 5 to 15 minutes. */
  static final Duration LONGEST_START = Duration.ofMinutes(60);

  private static final String TABLES_STEP = "watershed tables";
  private static final Duration LONGEST_END = Duration.ofMinutes(30);
  private static final Duration LONGEST_STEP = Duration.ofMinutes(30);
  private static final Duration LONGEST_DRILL_START = Duration.ofMinutes(5);
  private static final Duration DRILL_LOOKS = Duration.ofSeconds(5);

  private final ClusterSession session;
  private final Console console;

  ClusterSteps(ClusterSession session) {
    this.session = session;
    this.console = session.context().console();
  }

  // Upload

  /** The requests of an upload. */
  static List<Object> uploadRequests(ClusterResources resources) {
    List<Object> requests = new ArrayList<>();
    for (ClusterResource resource : resources.all()) {
      Map<String, Object> put = new LinkedHashMap<>();
      put.put("Bucket", resource.uri().getHost());
      put.put("Key", resource.uri().getPath().substring(1));
      put.put("ContentLength", resource.sizeBytes());
      requests.add(Map.of("PutObject", put));
    }
    return requests;
  }

  /** Uploads what is not there yet; gives what was uploaded. */
  List<ClusterResource> upload(ClusterResources resources) {
    ObjectStore store = session.resourceStore().store();
    List<ClusterResource> uploaded = new ArrayList<>();
    for (ClusterResource resource : resources.all()) {
      if (ClusterResources.isUploaded(resource, store)) {
        console.say("   " + resource.what() + " is there: " + resource.uri());
        continue;
      }
      console.say(
          "   uploading "
              + resource.what()
              + ", "
              + new DataSize(resource.sizeBytes()).approximate()
              + ", to "
              + resource.uri());
      ClusterResources.upload(resource, store);
      uploaded.add(resource);
    }
    return uploaded;
  }

  // Launch

  /**
   * Launches the cluster, or finds it running.
   *
   * @param yes whether nobody is asked
   * @return empty if a person did not agree
   */
  Optional<Launched> launch(ClusterResources resources, boolean yes) throws IOException {
    ClusterSettings settings = session.settings();
    Optional<ClusterInfo> running = session.clusters().find(settings.name());
    if (running.isPresent()) {
      console.say(
          "   '"
              + settings.name()
              + "' is there already: "
              + running.get().id()
              + ", "
              + running.get().state());
      return running.map(cluster -> new Launched(cluster.id(), false));
    }
    resources.requireUploaded(session.resourceStore().store());
    LaunchPlan plan = LaunchPlan.of(settings, resources);
    console.say(
        "   This launches "
            + plan.nodes()
            + " in "
            + session.clusters().region()
            + ". EC2 and EMR charge for every second until it is terminated"
            + settings
                .autoTermination()
                .map(idle -> ", or was idle for " + idle.toMinutes() + " min")
                .orElse("")
            + ".");
    if (!yes
        && !new Confirmation(session.context())
            .given("A cluster costs money, so launching it", "Launch it?")) {
      return Optional.empty();
    }
    try {
      String id = session.clusters().launch(plan.request());
      console.say("   launched " + id);
      return Optional.of(new Launched(id, true));
    } catch (WatershedException e) {
      throw e.code() == ErrorCode.UNREACHABLE
          ? new WatershedException(
              e.code(),
              e.getMessage() + "; whether a cluster was launched is not known",
              "Look before you try again: '"
                  + session.context().again("cluster", "wait-for-cluster")
                  + "' finds it, or says that there is none.",
              e)
          : e;
    }
  }

  /** A cluster, and whether this command has launched it. */
  record Launched(String id, boolean anew) {}

  // Wait

  ClusterInfo awaitReady(String id) {
    return awaiting(
        () -> waiting().untilReady(id, LONGEST_START, this::show),
        "The cluster " + id + " goes on, and costs.",
        id);
  }

  void awaitOver(String id) {
    awaiting(
        () -> waiting().untilOver(id, LONGEST_END, this::show),
        "The cluster " + id + " goes on ending.",
        id);
  }

  private ClusterWait waiting() {
    return new ClusterWait(session.clusters(), session::pause, session.context().clock());
  }

  private <T> T awaiting(Supplier<T> wait, String whatGoesOn, String id) {
    try {
      return wait.get();
    } catch (WatershedException e) {
      throw e.code() == ErrorCode.CANCELLED
          ? new WatershedException(
              ErrorCode.CANCELLED,
              "stopped waiting. " + whatGoesOn,
              "Wait on with '"
                  + session.context().again("cluster", "wait-for-cluster", "--cluster-id", id)
                  + "', or end it with '"
                  + session.context().again("cluster", "terminate-cluster", "--cluster-id", id)
                  + "'.",
              e)
          : e;
    }
  }

  private void show(ClusterWait.Look look) {
    ClusterInfo cluster = look.cluster();
    if (look.changed()) {
      console.say(
          "   %s  %s is %s%s"
              .formatted(
                  waited(look.waited()),
                  cluster.id(),
                  cluster.state(),
                  cluster.reason().isEmpty() ? "" : ": " + cluster.reason()));
    }
  }

  private static String waited(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  // Hive

  /** The statements that make tables of the configured and archived streams. */
  String hiveStatements() {
    List<HiveStream> streams = new ArrayList<>();
    try (Reservoir reservoir = Reservoir.open(session.config().reservoir())) {
      TreeSet<String> names = new TreeSet<>(reservoir.streams());
      session.config().streams().forEach(stream -> names.add(stream.alias()));
      for (String name : names) {
        Optional<ArchiveTable> table = reservoir.find(name);
        StreamConfig configured =
            session.config().find(name).orElseGet(() -> session.config().streamOrDefault(name));
        streams.add(
            new HiveStream(
                name,
                configured.name(),
                session.config().find(name).isPresent(),
                table.isPresent() ? session.config().reservoir().root() + "/" + name : "",
                table.map(found -> found.load().schema()).orElse(PayloadSchema.EMPTY)));
      }
    }
    return HiveTables.of("watershed", session.settings().hiveHandler(), streams);
  }

  /** The request that runs a script on the cluster. */
  static Map<String, Object> stepRequest(String cluster, List<String> words) {
    return Map.of("AddJobFlowSteps", EmrClusters.stepRequest(cluster, TABLES_STEP, words));
  }

  static List<String> hiveWords(URI script) {
    return List.of("hive-script", "--run-hive-script", "--args", "-f", script.toString());
  }

  /** Makes Hive's tables; gives the step's id. */
  String createTables(String cluster, String statements) {
    String key = "tables-" + Integer.toHexString(statements.hashCode()) + ".sql";
    session.resourceStore().store().put(key, statements.getBytes(StandardCharsets.UTF_8));
    URI script = URI.create(ClusterResources.place(session.settings()) + "/" + key);
    String step = session.clusters().addStep(cluster, TABLES_STEP, hiveWords(script));
    console.say("   Hive runs " + script + " as the step " + step);
    String[] before = {""};
    waiting()
        .untilDone(
            cluster,
            step,
            LONGEST_STEP,
            info -> {
              if (!info.state().equals(before[0])) {
                before[0] = info.state();
                console.say("   the step is " + info.state());
              }
            });
    return step;
  }

  // Drill

  /** Makes the storage known to Drill, once it is up. */
  int configureStorage(URI drill) {
    DrillStorage storage = new DrillStorage(drill);
    Instant start = session.context().clock().instant();
    while (true) {
      try {
        int drillbits = storage.drillbits();
        storage.configure(ClusterResources.CONFIG_ON_NODES);
        console.say(
            "   Drill with "
                + drillbits
                + " drillbits at "
                + drill
                + " has the schema "
                + DrillStorage.NAME);
        return drillbits;
      } catch (WatershedException e) {
        Duration waited = Duration.between(start, session.context().clock().instant());
        if (e.code() != ErrorCode.UNREACHABLE || waited.compareTo(LONGEST_DRILL_START) > 0) {
          throw e;
        }
        session.pause(DRILL_LOOKS);
      }
    }
  }

  // Terminate

  /** Asks for the end, and waits for it unless told not to. */
  void terminate(ClusterInfo cluster, boolean wait) {
    if (cluster.isOver()) {
      console.say("   " + cluster.id() + " is " + cluster.state() + " already");
      return;
    }
    if (cluster.protection()) {
      throw new WatershedException(
          ErrorCode.REFUSED,
          "the cluster " + cluster.id() + " is protected from termination",
          "Lift that first: aws emr modify-cluster-attributes --cluster-id "
              + cluster.id()
              + " --no-termination-protected.");
    }
    session.clusters().terminate(cluster.id());
    console.say("   asked EMR to terminate " + cluster.id());
    if (wait) {
      awaitOver(cluster.id());
      console.say("   Nothing of it runs any more. What is in S3 stays.");
    }
  }

  static ObjectNode json(ClusterInfo cluster) {
    return Json.object()
        .put("cluster_id", cluster.id())
        .put("name", cluster.name())
        .put("state", cluster.state())
        .put("reason", cluster.reason())
        .put("host", cluster.host().orElse(null));
  }

  /** For {@code --dry-run}. */
  static Map<String, Object> terminateRequest(String cluster) {
    return Map.of("TerminateJobFlows", Map.of("JobFlowIds", List.of(cluster)));
  }
}
