package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.watershed.cluster.EmrEndpoint;
import io.watershed.cluster.SshServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cluster's commands against EMR's wire protocol, s3proxy, a real SSH server, and Drill's REST
 * interface behind it.
 */
@Timeout(180)
class ClusterCommandsTest {
  @TempDir Path folder;
  private EmrEndpoint emr;
  private LocalS3 s3;
  private SshServerProcess ssh;
  private HttpServer drill;
  private Path key;
  private final List<String> drillRequests = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    emr = EmrEndpoint.start();
    s3 = LocalS3.start();
    KeyPair user = SshServerProcess.newKey();
    ssh = SshServerProcess.start(SshServerProcess.newKey(), user.getPublic());
    key = SshServerProcess.pem(user, folder.resolve("key.pem"));
    drill = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    drill.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          drillRequests.add(exchange.getRequestURI() + " " + body);
          String answer =
              exchange.getRequestURI().getPath().equals("/cluster.json")
                  ? "{\"drillbits\":[{},{},{}]}"
                  : "{\"result\":\"Success\"}";
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    drill.start();
    Files.writeString(folder.resolve("watershed-drill-1.tar.gz"), "Drill itself");
    Files.writeString(folder.resolve("watershed-hive-1-all.jar"), "Hive's handler");
    Files.writeString(
        folder.resolve("watershed.json"),
        """
        {
          "reservoir": {"location": "s3://bucket/reservoir", "endpoint_url": "%1$s",
                        "region": "us-east-1", "local_credentials": true},
          "aws": {"region": "us-east-1", "profile": null},
          "streams": {"orders": {}},
          "server": {"listen": "127.0.0.1:1"},
          "cluster": {"resources": "s3://bucket/cluster", "endpoint_url": "%2$s",
                      "local_credentials": true, "key_pair": "ops",
                      "known_hosts": "%3$s", "ports": ["0:%4$d"]}
        }
        """
            .formatted(
                s3.url(), emr.url(), folder.resolve("known_hosts"), drill.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws Exception {
    drill.stop(0);
    ssh.close();
    s3.close();
    emr.close();
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }

  @Test
  void aDryRunPrintsTheRequestAndSendsNone() throws Exception {
    CommandRun run = run("launch-cluster", "--dry-run", "-c", "watershed.json");
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode request = Json.MAPPER.readTree(run.out()).path("RunJobFlow");
    assertThat(request.path("Name").asText()).isEqualTo("watershed");
    assertThat(request.at("/Instances/Ec2KeyName").asText()).isEqualTo("ops");
    assertThat(emr.requests("RunJobFlow")).isEmpty();
    assertThat(emr.requests("ListClusters")).isEmpty();
  }

  @Test
  void theOriginalSpellingsWorkAtTopLevelAndBelowCluster() {
    for (String name : List.of("l", "launch-cluster")) {
      assertThat(run(name, "--dry-run").status()).isZero();
      assertThat(run("cluster", name, "--dry-run").status()).isZero();
      assertThat(run("-c", "watershed.json", name, "--dry-run").status()).isZero();
    }
    for (String name : List.of("u", "w", "f", "cs", "t", "terminate-cluster", "wait-for-cluster")) {
      assertThat(run(name, "--dry-run").status()).as(name).isZero();
    }
    assertThat(run("everything", "--help").out()).contains("-t", "-k", "--private-key", "-s");
  }

  @Test
  void streamsAreTablesOfTheStorageHandlerOrOfEmrsOwnConnector() throws Exception {
    assertThat(run("create-tables", "--print").out())
        .contains("CREATE EXTERNAL TABLE `orders`", "CREATE EXTERNAL TABLE `orders_live`")
        .contains("io.watershed.hive.WatershedStorageHandler")
        .doesNotContain("KinesisStorageHandler");
    assertThat(run("l", "--dry-run").status()).isZero();
    assertThat(run("u", "--dry-run").out()).contains("watershed-hive-");
    Files.delete(folder.resolve("watershed-hive-1-all.jar"));
    CommandRun missing = run("u", "--dry-run");
    assertThat(missing.status()).isNotZero();
    assertThat(missing.err()).contains("storage handler").contains("hive_handler: emr");

    Path config = folder.resolve("watershed.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"key_pair\": \"ops\"", "\"key_pair\": \"ops\", \"hive_handler\": \"emr\""));
    assertThat(run("ct", "--print").out())
        .contains("CREATE EXTERNAL TABLE `orders_stream`", "KinesisStorageHandler")
        .doesNotContain("ADD JAR", "io.watershed.hive");
    assertThat(run("u").out()).contains("3 of 3 files uploaded");
  }

  @Test
  void aClusterIsLaunchedOnceAndTerminatedOnce() {
    emr.launchStates("", "WAITING");
    CommandRun early = run("launch-cluster", "--yes");
    assertThat(early.status()).isNotZero();
    assertThat(early.err()).contains("upload-resources");
    assertThat(emr.running()).isZero();

    assertThat(run("u").out()).contains("4 of 4 files uploaded");
    assertThat(run("upload-resources").out()).contains("0 of 4 files uploaded");
    CommandRun unasked = run("launch-cluster");
    assertThat(unasked.status()).isEqualTo(2);
    assertThat(unasked.err()).contains("charge for every second").contains("--yes");

    String id = run("l", "--yes").out().strip();
    assertThat(id).startsWith("j-");
    assertThat(run("l", "--yes").out().strip()).isEqualTo(id);
    assertThat(emr.requests("RunJobFlow")).hasSize(1);
    assertThat(run("w", "--json").out()).contains("\"state\":\"WAITING\"");

    assertThat(run("t", "--yes", "--no-wait").status()).isZero();
    CommandRun none = run("terminate-cluster", "--yes");
    assertThat(none.status()).isZero();
    assertThat(none.out()).contains("no cluster named 'watershed' runs");
  }

  @Test
  void everythingUntilCtrlCThenTerminated() throws Exception {
    emr.launchStates("", "STARTING", "WAITING");
    emr.stepStates("COMPLETED");
    CommandRun run = new CommandRun(folder);
    Thread command = new Thread(() -> run.run(everything()));
    command.start();
    while (!run.out().contains("Everything is up") && command.isAlive()) {
      Thread.sleep(50);
    }
    assertThat(command.isAlive()).as(run.err()).isTrue();
    run.shutdown().request();
    command.join(60_000);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("1. Upload", "2. Launch", "3. Wait", "4. Forward", "5. Tables", "6. Storage")
        .contains("asked EMR to terminate");
    assertThat(emr.running()).isZero();
    assertThat(drillRequests).anyMatch(request -> request.startsWith("/storage/watershed.json"));
    assertThat(emr.objects().keySet()).anyMatch(path -> path.contains("/tables-"));
  }

  private String[] everything() {
    return new String[] {
      "everything",
      "-k",
      key.toString(),
      "-t",
      "--yes",
      "--accept-new-host-key",
      "--ssh-port",
      "" + ssh.port(),
      "--port",
      "0:" + drill.getAddress().getPort(),
      "--drill-port",
      "" + drill.getAddress().getPort()
    };
  }

  @Test
  void aStepThatFailsEndsTheClusterItHasLaunched() {
    emr.launchStates("", "WAITING");
    emr.stepStates("FAILED");
    CommandRun run = run(everything());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("FAILED").contains("asked EMR to terminate");
    assertThat(emr.running()).isZero();
  }

  @Test
  void withoutTheSwitchTheClusterGoesOnAndTheLastLineSaysSo() throws Exception {
    emr.launchStates("", "WAITING");
    Path wrong = SshServerProcess.pem(SshServerProcess.newKey(), folder.resolve("wrong.pem"));
    CommandRun run =
        run(
            "e",
            "-k",
            wrong.toString(),
            "--yes",
            "--accept-new-host-key",
            "--ssh-port",
            "" + ssh.port());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("does not take the key").contains("goes on, and costs");
    assertThat(emr.running()).isEqualTo(1);
  }

  @Test
  void aClusterThatEndsWhileWaitingIsAnErrorThatSaysThatNothingCosts() {
    emr.launchStates("bootstrap action 1 failed", "TERMINATING", "TERMINATED_WITH_ERRORS");
    CommandRun run = run(everything());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("TERMINAT").contains("nothing costs");
  }

  @Test
  void aReservoirOnThisMachineIsNoReservoirForACluster() throws Exception {
    Files.writeString(
        folder.resolve("watershed.json"),
        "{\"reservoir\": \"data\", \"cluster\": {\"resources\": \"s3://bucket/x\"}}");
    CommandRun run = run("upload-resources", "--dry-run");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("is a folder of this machine").contains("dev drill");
  }

  @Test
  void configuringDrillPostsTheStorage() throws Exception {
    CommandRun run =
        run("cs", "--drill-url", "http://127.0.0.1:" + drill.getAddress().getPort(), "--json");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"drillbits\":3");
    assertThat(drillRequests.get(1))
        .startsWith("/storage/watershed.json ")
        .contains("/opt/watershed-drill/conf/watershed.json");
  }
}
