package io.watershed.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through the real SDK against EMR's wire protocol. */
class EmrClustersTest {
  private static final Map<String, Object> REQUEST = Map.of("Name", "watershed");

  private EmrEndpoint endpoint;
  private EmrClusters clusters;
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    endpoint = EmrEndpoint.start();
    clusters = EmrClusters.open(AwsAccess.local(endpoint.url()), pauses::add);
  }

  @AfterEach
  void stop() {
    clusters.close();
    endpoint.close();
  }

  @Test
  void aLaunchedClusterIsFoundByItsName() {
    assertThat(clusters.find("watershed")).isEmpty();
    String id = clusters.launch(REQUEST);
    assertThat(clusters.find("watershed").orElseThrow().id()).isEqualTo(id);
    assertThat(clusters.find("other")).isEmpty();
    clusters.terminate(id);
    assertThat(clusters.find("watershed")).isEmpty();
  }

  @Test
  void twoOfOneNameAreNotGuessedBetween() {
    String one = clusters.launch(REQUEST);
    String two = clusters.launch(REQUEST);
    assertThatThrownBy(() -> clusters.find("watershed"))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining(one)
        .hasMessageContaining(two);
  }

  @Test
  void anUnknownIdIsNotFound() {
    assertThatThrownBy(() -> clusters.describe("j-NO"))
        .isInstanceOf(WatershedException.class)
        .extracting(e -> ((WatershedException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void questionsAreAskedAgainWhenEmrIsBusy() {
    endpoint.failNext("ListClusters", 400, "ThrottlingException", "Rate exceeded");
    endpoint.failNext("ListClusters", 500, "InternalServerException", "oops");
    assertThat(clusters.find("watershed")).isEmpty();
    assertThat(pauses).hasSize(2);
  }

  @Test
  void aLaunchIsSentAgainOnlyIfItWasTurnedAway() {
    endpoint.failNext("RunJobFlow", 400, "ThrottlingException", "Rate exceeded");
    clusters.launch(REQUEST);
    assertThat(endpoint.requests("RunJobFlow")).hasSize(2);
    endpoint.failNext("RunJobFlow", 500, "InternalServerException", "oops");
    assertThatThrownBy(() -> clusters.launch(REQUEST)).isInstanceOf(WatershedException.class);
    assertThat(endpoint.requests("RunJobFlow")).hasSize(3);
  }

  @Test
  void aMissingRoleAndAQuotaAreSaidInEmrsWords() {
    endpoint.failNext(
        "RunJobFlow", 400, "ValidationException", "Invalid InstanceProfile: EMR_EC2_DefaultRole.");
    assertThatThrownBy(() -> clusters.launch(REQUEST))
        .hasMessageContaining("Invalid InstanceProfile: EMR_EC2_DefaultRole");
    endpoint.failNext(
        "RunJobFlow", 400, "InvalidRequestException", "You have exceeded your quota of vCPUs.");
    assertThatThrownBy(() -> clusters.launch(REQUEST)).hasMessageContaining("quota of vCPUs");
    assertThat(endpoint.running()).isZero();
  }

  @Test
  void waitingTellsOfEachStateOnce() {
    endpoint.launchStates(
        "Cluster ready", "STARTING", "STARTING", "BOOTSTRAPPING", "BOOTSTRAPPING", "WAITING");
    String id = clusters.launch(REQUEST);
    List<String> told = new ArrayList<>();
    ClusterInfo ready = await(id).untilReady(id, Duration.ofHours(1), look -> tell(look, told));
    assertThat(told).containsExactly("STARTING", "BOOTSTRAPPING", "WAITING Cluster ready");
    assertThat(ready.host()).contains("127.0.0.1");
  }

  private static void tell(ClusterWait.Look look, List<String> told) {
    if (look.changed()) {
      told.add((look.cluster().state() + " " + look.cluster().reason()).strip());
    }
  }

  @Test
  void aClusterThatEndsWhileWaitingIsAnErrorWithItsReason() {
    endpoint.launchStates(
        "On the master instance, bootstrap action 1 returned a non-zero return code",
        "STARTING",
        "BOOTSTRAPPING",
        "TERMINATING",
        "TERMINATED_WITH_ERRORS");
    String id = clusters.launch(REQUEST);
    assertThatThrownBy(() -> await(id).untilReady(id, Duration.ofHours(1), look -> {}))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining(id)
        .hasMessageContaining("TERMINATING");
  }

  @Test
  void aWaitHasAnEnd() {
    endpoint.launchStates("", "STARTING");
    String id = clusters.launch(REQUEST);
    assertThatThrownBy(() -> await(id).untilReady(id, Duration.ofMinutes(5), look -> {}))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("still STARTING after 5 min")
        .extracting(e -> ((WatershedException) e).hint())
        .asString()
        .contains("costs");
  }

  @Test
  void aFailedStepNamesItsLog() {
    String id = clusters.launch(REQUEST);
    endpoint.stepStates("PENDING", "RUNNING", "FAILED");
    String step = clusters.addStep(id, "tables", List.of("hive-script"));
    assertThatThrownBy(() -> await(id).untilDone(id, step, Duration.ofHours(1), info -> {}))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("FAILED: Unknown Error.")
        .extracting(e -> ((WatershedException) e).hint())
        .asString()
        .contains("s3://logs/stderr.gz");
  }

  /** Time passes with the pauses only. */
  private ClusterWait await(String id) {
    InstantSource clock =
        () -> java.time.Instant.EPOCH.plus(pauses.stream().reduce(Duration.ZERO, Duration::plus));
    return new ClusterWait(clusters, pauses::add, clock);
  }
}
