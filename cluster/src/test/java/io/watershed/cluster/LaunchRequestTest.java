package io.watershed.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;

class LaunchRequestTest {
  private static final URI SCRIPT = URI.create("s3://bucket/res/install-drill-1.sh");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode request(ClusterSettings settings) {
    return JSON.valueToTree(LaunchRequest.of(settings, SCRIPT));
  }

  private static RunJobFlowRequest sdk(ClusterSettings settings) {
    return ApiRequest.fill(
            RunJobFlowRequest.builder(), LaunchRequest.of(settings, SCRIPT), "RunJobFlow")
        .build();
  }

  @Test
  void theDefaultsAskForHadoopHiveAndZooKeeperAndStayAliveWithoutSteps() {
    JsonNode request = request(TestSettings.of());
    assertThat(request.path("ReleaseLabel").asText()).startsWith("emr-7.");
    assertThat(request.path("Applications").findValuesAsText("Name"))
        .containsExactly("Hadoop", "Hive", "ZooKeeper");
    JsonNode instances = request.path("Instances");
    assertThat(instances.path("KeepJobFlowAliveWhenNoSteps").asBoolean()).isTrue();
    assertThat(instances.path("InstanceGroups").findValuesAsText("InstanceRole"))
        .containsExactly("MASTER", "CORE");
    assertThat(request.at("/BootstrapActions/0/ScriptBootstrapAction/Path").asText())
        .isEqualTo(SCRIPT.toString());
    assertThat(request.has("AutoTerminationPolicy")).isFalse();
  }

  @Test
  void whatIsConfiguredIsPassedThrough() {
    JsonNode request =
        request(
            TestSettings.of(
                "  log_uri: s3://logs/emr",
                "  subnets: [subnet-0a]",
                "  key_pair: ops",
                "  security_configuration: locked",
                "  primary_security_group: sg-1",
                "  task_count: 3",
                "  spot: task",
                "  auto_termination: 4h",
                "  filesystem: emrfs",
                "  tags: {team: data}"));
    assertThat(request.path("LogUri").asText()).isEqualTo("s3://logs/emr/");
    assertThat(request.at("/Instances/Ec2SubnetId").asText()).isEqualTo("subnet-0a");
    assertThat(request.at("/Instances/Ec2KeyName").asText()).isEqualTo("ops");
    assertThat(request.at("/Instances/EmrManagedMasterSecurityGroup").asText()).isEqualTo("sg-1");
    assertThat(request.at("/Instances/InstanceGroups").findValuesAsText("Market"))
        .containsExactly("ON_DEMAND", "ON_DEMAND", "SPOT");
    assertThat(request.path("SecurityConfiguration").asText()).isEqualTo("locked");
    assertThat(request.at("/AutoTerminationPolicy/IdleTimeout").asLong()).isEqualTo(14_400);
    assertThat(request.path("Configurations").toString()).contains("EmrFileSystem");
    assertThat(request.path("Tags").toString()).contains("team", "data");
  }

  @Test
  void theRequestReachesTheSdkAsItIsPrinted() {
    RunJobFlowRequest request = sdk(TestSettings.of("  core_count: 4", "  auto_termination: 1h"));
    assertThat(request.instances().instanceGroups().get(1).instanceCount()).isEqualTo(4);
    assertThat(request.autoTerminationPolicy().idleTimeout()).isEqualTo(3600);
    assertThat(request.configurations().get(0).properties())
        .containsEntry("iceberg.enabled", "true");
    assertThat(request.visibleToAllUsers()).isTrue();
  }

  @Test
  void fleetsTakeThePlaceOfGroups() {
    RunJobFlowRequest request =
        sdk(
            TestSettings.of(
                "  subnets: [subnet-0a, subnet-0b]",
                "  request:",
                "    StepConcurrencyLevel: 2",
                "    Instances:",
                "      InstanceFleets:",
                "        - InstanceFleetType: MASTER",
                "          TargetOnDemandCapacity: 1",
                "          InstanceTypeConfigs:",
                "            - InstanceType: m6i.xlarge",
                "              EbsConfiguration:",
                "                EbsBlockDeviceConfigs:",
                "                  - VolumeSpecification: {VolumeType: gp3, SizeInGB: 100}"));
    assertThat(request.instances().hasInstanceGroups()).isFalse();
    assertThat(request.instances().ec2SubnetIds()).containsExactly("subnet-0a", "subnet-0b");
    assertThat(request.stepConcurrencyLevel()).isEqualTo(2);
    assertThat(
            request
                .instances()
                .instanceFleets()
                .get(0)
                .instanceTypeConfigs()
                .get(0)
                .ebsConfiguration()
                .ebsBlockDeviceConfigs()
                .get(0)
                .volumeSpecification()
                .sizeInGB())
        .isEqualTo(100);
  }

  @Test
  void aNameThatTheApiDoesNotHaveIsRefusedWithThoseThatItHas() {
    assertThatThrownBy(() -> sdk(TestSettings.of("  request: {Instances: {InstanceFleet: []}}")))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("InstanceFleet")
        .hasMessageContaining("RunJobFlow.Instances")
        .extracting(e -> ((WatershedException) e).hint())
        .asString()
        .contains("InstanceFleets");
    assertThatThrownBy(() -> sdk(TestSettings.of("  request: {StepConcurrencyLevel: many}")))
        .hasMessageContaining("expects a number at RunJobFlow.StepConcurrencyLevel");
  }
}
