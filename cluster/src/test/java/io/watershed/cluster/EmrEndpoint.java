package io.watershed.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * EMR's wire protocol (AWS JSON 1.1, target {@code ElasticMapReduce.<operation>}), with answers of
 * the shapes that the API reference gives. A cluster goes through the states that a test sets, one
 * each time it is described.
 */
public final class EmrEndpoint implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final Map<String, Long> objects = new LinkedHashMap<>();
  private final Deque<Failure> failures = new ArrayDeque<>();
  private List<String> launchStates = List.of("STARTING", "BOOTSTRAPPING", "WAITING");
  private List<String> stepStates = List.of("PENDING", "RUNNING", "COMPLETED");
  private String reason = "";
  private String host = "127.0.0.1";
  private boolean protection;

  private static final class Cluster {
    String name = "";
    String state = "";
    Deque<String> ahead = new ArrayDeque<>();
    Deque<String> stepAhead = new ArrayDeque<>();
    String stepState = "";
  }

  /** A request as it came. */
  public record Request(String operation, JsonNode body) {}

  private record Failure(String operation, int status, String type, String message) {}

  private EmrEndpoint(HttpServer server) {
    this.server = server;
  }

  /** On a free port of loopback. */
  public static EmrEndpoint start() throws IOException {
    EmrEndpoint endpoint =
        new EmrEndpoint(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    endpoint.server.createContext("/", endpoint::handle);
    endpoint.server.setExecutor(endpoint.threads);
    endpoint.server.start();
    return endpoint;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** States of clusters that are launched from now on; the last one stays. */
  public synchronized void launchStates(String why, String... states) {
    launchStates = List.of(states);
    reason = why;
  }

  public synchronized void stepStates(String... states) {
    stepStates = List.of(states);
  }

  public synchronized void host(String name) {
    host = name;
  }

  public synchronized void protect() {
    protection = true;
  }

  /** The next such request fails like this. */
  public synchronized void failNext(String operation, int status, String type, String message) {
    failures.add(new Failure(operation, status, type, message));
  }

  public synchronized List<Request> requests(String operation) {
    return requests.stream().filter(r -> r.operation().equals(operation)).toList();
  }

  /** Clusters that cost something. */
  public synchronized long running() {
    return clusters.values().stream().filter(c -> !c.state.startsWith("TERMINAT")).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!exchange.getRequestHeaders().containsKey("X-Amz-Target")) {
      handleObject(exchange, body.length);
      return;
    }
    String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    String operation = target.replace("ElasticMapReduce.", "");
    int status = 200;
    JsonNode answer;
    synchronized (this) {
      JsonNode request = JSON.readTree(body);
      requests.add(new Request(operation, request));
      Failure failure = failures.peek();
      if (failure != null && failure.operation().equals(operation)) {
        failures.poll();
        status = failure.status();
        answer =
            JSON.createObjectNode().put("__type", failure.type()).put("message", failure.message());
      } else {
        answer = answer(operation, request);
        status = answer.has("__type") ? 400 : 200;
      }
    }
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** S3 at the same port, as emulators have it: sizes only, nobody reads objects here. */
  private void handleObject(HttpExchange exchange, int bodyBytes) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String decoded = exchange.getRequestHeaders().getFirst("x-amz-decoded-content-length");
    Long size;
    synchronized (this) {
      if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, decoded == null ? bodyBytes : Long.parseLong(decoded));
      }
      size = objects.get(path);
    }
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    exchange.getResponseHeaders().set("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT");
    if (exchange.getRequestMethod().equals("HEAD") && size != null) {
      exchange.getResponseHeaders().set("Content-Length", size.toString());
    }
    exchange.sendResponseHeaders(size == null ? 404 : 200, -1);
    exchange.close();
  }

  /** Paths of objects, and their sizes in bytes. */
  public synchronized Map<String, Long> objects() {
    return Map.copyOf(objects);
  }

  private JsonNode answer(String operation, JsonNode request) {
    ObjectNode answer = JSON.createObjectNode();
    switch (operation) {
      case "RunJobFlow" -> {
        String id = "j-TEST%08d".formatted(clusters.size() + 1);
        Cluster cluster = new Cluster();
        cluster.name = request.path("Name").asText();
        cluster.ahead.addAll(launchStates);
        cluster.state = cluster.ahead.poll();
        clusters.put(id, cluster);
        answer.put("JobFlowId", id).put("ClusterArn", "arn:aws:elasticmapreduce:::cluster/" + id);
      }
      case "ListClusters" -> {
        ArrayNode list = answer.putArray("Clusters");
        clusters.forEach(
            (id, cluster) -> {
              for (JsonNode state : request.path("ClusterStates")) {
                if (state.asText().equals(cluster.state)) {
                  ObjectNode summary = list.addObject().put("Id", id).put("Name", cluster.name);
                  summary.putObject("Status").put("State", cluster.state);
                }
              }
            });
      }
      case "DescribeCluster" -> {
        Cluster cluster = clusters.get(request.path("ClusterId").asText());
        if (cluster == null) {
          return JSON.createObjectNode()
              .put("__type", "InvalidRequestException")
              .put(
                  "message",
                  "Cluster id '" + request.path("ClusterId").asText() + "' is not valid.");
        }
        ObjectNode described = answer.putObject("Cluster");
        described
            .put("Id", request.path("ClusterId").asText())
            .put("Name", cluster.name)
            .put("TerminationProtected", protection);
        ObjectNode status = described.putObject("Status").put("State", cluster.state);
        status
            .putObject("StateChangeReason")
            .put("Code", "X")
            .put("Message", cluster.ahead.isEmpty() ? reason : "");
        status.putObject("Timeline").put("CreationDateTime", 1_790_000_000.0);
        if (cluster.state.equals("WAITING") || cluster.state.equals("RUNNING")) {
          described.put("MasterPublicDnsName", host);
        }
        if (!cluster.ahead.isEmpty()) {
          cluster.state = cluster.ahead.poll();
        }
      }
      case "TerminateJobFlows" ->
          request
              .path("JobFlowIds")
              .forEach(
                  id -> {
                    Cluster cluster = clusters.get(id.asText());
                    if (cluster != null) {
                      cluster.state = "TERMINATING";
                      cluster.ahead.clear();
                      cluster.ahead.add("TERMINATED");
                    }
                  });
      case "AddJobFlowSteps" -> {
        Cluster cluster = clusters.get(request.path("JobFlowId").asText());
        cluster.stepAhead.clear();
        cluster.stepAhead.addAll(stepStates);
        answer.putArray("StepIds").add("s-TEST00000001");
      }
      case "DescribeStep" -> {
        Cluster cluster = clusters.get(request.path("ClusterId").asText());
        if (!cluster.stepAhead.isEmpty()) {
          cluster.stepState = cluster.stepAhead.poll();
        }
        ObjectNode step = answer.putObject("Step").put("Id", request.path("StepId").asText());
        ObjectNode status = step.putObject("Status").put("State", cluster.stepState);
        if (cluster.stepState.equals("FAILED")) {
          status
              .putObject("FailureDetails")
              .put("Reason", "Unknown Error.")
              .put("LogFile", "s3://logs/stderr.gz");
        }
      }
      default -> {
        return JSON.createObjectNode()
            .put("__type", "ValidationException")
            .put("message", "no operation " + operation);
      }
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
