package io.watershed.cluster;

import io.watershed.aws.AwsConnection;
import io.watershed.aws.AwsFailure;
import io.watershed.aws.AwsPlace;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.emr.EmrAsyncClient;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.ListClustersResponse;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;
import software.amazon.awssdk.services.emr.model.Step;

/**
 * What we ask of EMR. Questions are asked again when EMR is busy or does not answer; a launch only
 * when it was turned away, because a second one would cost. Thread-safe.
 */
public final class EmrClusters implements AutoCloseable {
  private static final int MAX_TRIES = 6;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int MAX_PAGES = 100;

  private static final List<ClusterState> ALIVE =
      List.of(
          ClusterState.STARTING,
          ClusterState.BOOTSTRAPPING,
          ClusterState.RUNNING,
          ClusterState.WAITING);

  private final AwsConnection aws;
  private final EmrAsyncClient emr;
  private final AwsPlace place;
  private final Pause pause;

  private EmrClusters(AwsConnection aws, EmrAsyncClient emr, Pause pause) {
    this.aws = aws;
    this.emr = emr;
    this.place = aws.place("EMR");
    this.pause = pause;
  }

  /**
   * Opens a connection; makes no request.
   *
   * @throws WatershedException {@code config} without a region or profile
   */
  public static EmrClusters open(AwsAccess access, Pause pause) {
    AwsConnection aws = AwsConnection.open(access, AwsClientSettings.DEFAULTS);
    return new EmrClusters(aws, aws.configure(EmrAsyncClient.builder()).build(), pause);
  }

  /** The region, such as {@code eu-central-1}. */
  public String region() {
    return aws.region();
  }

  /**
   * The cluster of this name that is not ending.
   *
   * @throws WatershedException {@code invalid-input} if there are several
   */
  public Optional<ClusterInfo> find(String name) {
    List<ClusterSummary> found = new ArrayList<>();
    String marker = null;
    for (int page = 0; page < MAX_PAGES; page++) {
      String from = marker;
      ListClustersResponse answer =
          ask(() -> emr.listClusters(r -> r.clusterStates(ALIVE).marker(from)));
      answer.clusters().stream().filter(c -> c.name().equals(name)).forEach(found::add);
      marker = answer.marker();
      if (marker == null) {
        break;
      }
    }
    if (found.size() > 1) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          found.size()
              + " clusters are named '"
              + name
              + "': "
              + String.join(", ", found.stream().map(ClusterSummary::id).toList()),
          "Say which one with --cluster-id.");
    }
    return found.stream().findFirst().map(summary -> describe(summary.id()));
  }

  /**
   * The cluster of this id, whatever its state.
   *
   * @throws WatershedException {@code not-found}
   */
  public ClusterInfo describe(String id) {
    Cluster cluster;
    try {
      cluster = ask(() -> emr.describeCluster(r -> r.clusterId(id))).cluster();
    } catch (WatershedException e) {
      throw saysUnknown(e)
          ? new WatershedException(
              ErrorCode.NOT_FOUND,
              "EMR knows no cluster " + id + " in " + region(),
              "Check the id and the region; 'aws emr list-clusters --active' lists them.",
              e)
          : e;
    }
    return new ClusterInfo(
        cluster.id(),
        cluster.name(),
        cluster.status().stateAsString(),
        Optional.ofNullable(cluster.status().stateChangeReason())
            .flatMap(reason -> Optional.ofNullable(reason.message()))
            .orElse(""),
        Optional.ofNullable(cluster.masterPublicDnsName()).filter(host -> !host.isBlank()),
        Boolean.TRUE.equals(cluster.terminationProtected()),
        Optional.ofNullable(cluster.status().timeline())
            .flatMap(timeline -> Optional.ofNullable(timeline.creationDateTime())));
  }

  private static boolean saysUnknown(WatershedException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("not valid") || message.contains("InvalidRequestException");
  }

  /**
   * Launches a cluster.
   *
   * @param request RunJobFlow's, under the names of the API
   * @return its id
   * @throws WatershedException errors of the service; {@code unreachable} or {@code transient}
   *     errors say that a cluster may have been launched all the same
   */
  public String launch(Map<String, Object> request) {
    RunJobFlowRequest.Builder builder =
        ApiRequest.fill(RunJobFlowRequest.builder(), request, "RunJobFlow");
    return once(() -> emr.runJobFlow(builder.build())).jobFlowId();
  }

  /** Asks EMR to end a cluster; one that has ended stays so. */
  public void terminate(String id) {
    ask(() -> emr.terminateJobFlows(r -> r.jobFlowIds(id)));
  }

  /**
   * Runs a command on the primary node.
   *
   * @return the step's id
   */
  public String addStep(String id, String name, List<String> words) {
    AddJobFlowStepsRequest.Builder builder =
        ApiRequest.fill(
            AddJobFlowStepsRequest.builder(), stepRequest(id, name, words), "AddJobFlowSteps");
    return once(() -> emr.addJobFlowSteps(builder.build())).stepIds().get(0);
  }

  /** The request of {@link #addStep}, under the names of the API. */
  public static Map<String, Object> stepRequest(String id, String name, List<String> words) {
    return Map.of(
        "JobFlowId",
        id,
        "Steps",
        List.of(
            Map.of(
                "Name",
                name,
                "ActionOnFailure",
                "CONTINUE",
                "HadoopJarStep",
                Map.of("Jar", "command-runner.jar", "Args", words))));
  }

  /** How far a step is. */
  public StepInfo step(String id, String step) {
    Step found = ask(() -> emr.describeStep(r -> r.clusterId(id).stepId(step))).step();
    return new StepInfo(
        found.id(),
        found.status().stateAsString(),
        Optional.ofNullable(found.status().failureDetails())
            .map(failure -> failure.reason() == null ? failure.message() : failure.reason())
            .or(
                () ->
                    Optional.ofNullable(found.status().stateChangeReason())
                        .map(reason -> reason.message()))
            .orElse(""),
        Optional.ofNullable(found.status().failureDetails())
            .flatMap(failure -> Optional.ofNullable(failure.logFile())));
  }

  /**
   * A command on the primary node.
   *
   * @param state EMR's own word, such as {@code COMPLETED}
   * @param reason why it failed; often empty
   * @param log where its log is
   */
  public record StepInfo(String id, String state, String reason, Optional<String> log) {
    boolean isOver() {
      return !List.of("PENDING", "RUNNING", "CANCEL_PENDING").contains(state);
    }

    boolean isDone() {
      return state.equals("COMPLETED");
    }
  }

  private <T> T ask(Supplier<CompletableFuture<T>> call) {
    return call(call, true);
  }

  private <T> T once(Supplier<CompletableFuture<T>> call) {
    return call(call, false);
  }

  private <T> T call(Supplier<CompletableFuture<T>> call, boolean repeatable) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get().join();
      } catch (CompletionException e) {
        AwsFailure failure = AwsFailure.of(e, place);
        boolean again =
            failure.kind() == AwsFailure.Kind.THROTTLED
                || failure.neverSent()
                || (repeatable && failure.kind().retryable());
        if (!again || attempt == MAX_TRIES) {
          throw failure.toError();
        }
        pause.forTime(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
      }
    }
  }

  @Override
  public void close() {
    emr.close();
    aws.close();
  }
}
