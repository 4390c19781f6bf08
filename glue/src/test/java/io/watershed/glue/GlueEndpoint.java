package io.watershed.glue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Glue's wire protocol (AWS JSON 1.1, target {@code AWSGlue.<operation>}), with the answers and
 * errors that the API reference gives, as far as tables and their optimizers go. One thread.
 */
public final class GlueEndpoint implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Set<String> databases = new HashSet<>();
  private final Map<String, ObjectNode> tables = new LinkedHashMap<>();
  private final Map<String, Boolean> optimizers = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final Deque<Failure> failures = new ArrayDeque<>();

  private record Failure(String operation, String type, Runnable meanwhile) {}

  private GlueEndpoint(HttpServer server) {
    this.server = server;
  }

  /** On a free port of loopback. */
  public static GlueEndpoint start() throws IOException {
    GlueEndpoint endpoint =
        new GlueEndpoint(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    endpoint.server.createContext("/", endpoint::handle);
    endpoint.server.start();
    return endpoint;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Operations in the order they came. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** A parameter of a table; empty if there is none. */
  public synchronized String parameter(String table, String name) {
    ObjectNode found = tables.get(table);
    return found == null ? "" : found.path("Parameters").path(name).asText();
  }

  public synchronized JsonNode table(String table) {
    return tables.get(table).deepCopy();
  }

  /** As another tool would: at once, without asking. */
  public synchronized void set(String table, String parameter, String value) {
    ObjectNode found = tables.get(table);
    found.withObjectProperty("Parameters").put(parameter, value);
    found.put("VersionId", String.valueOf(found.path("VersionId").asInt() + 1));
  }

  public synchronized void add(String database, String name, Map<String, String> parameters) {
    databases.add(database);
    ObjectNode input = JSON.createObjectNode().put("Name", name);
    parameters.forEach(input.putObject("Parameters")::put);
    put(database, input, 0);
  }

  public synchronized void enable(String table, String optimizer) {
    optimizers.put(table + " " + optimizer, true);
  }

  /** Whether it is set, and to what: {@code on}, {@code off} or {@code unset}. */
  public synchronized String optimizer(String table, String optimizer) {
    Boolean enabled = optimizers.get(table + " " + optimizer);
    return enabled == null ? "unset" : enabled ? "on" : "off";
  }

  /** The next such request fails like this. */
  public synchronized void failNext(String operation, String type, Runnable meanwhile) {
    failures.add(new Failure(operation, type, meanwhile));
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String operation =
        exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("AWSGlue.", "");
    JsonNode answer;
    synchronized (this) {
      requests.add(operation);
      Failure failure = failures.peek();
      if (failure != null && failure.operation().equals(operation)) {
        failures.poll();
        failure.meanwhile().run();
        answer = error(failure.type());
      } else {
        answer = answer(operation, JSON.readTree(body));
      }
    }
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(answer.has("__type") ? 400 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode error(String type) {
    return JSON.createObjectNode().put("__type", type).put("Message", "as a test asked");
  }

  private JsonNode answer(String operation, JsonNode request) {
    String database = request.path("DatabaseName").asText();
    String table = database + "." + request.path("Name").asText();
    String optimizer =
        database + "." + request.path("TableName").asText() + " " + request.path("Type").asText();
    ObjectNode answer = JSON.createObjectNode();
    switch (operation) {
      case "GetTable" -> {
        if (!tables.containsKey(table)) {
          return error("EntityNotFoundException");
        }
        answer.set("Table", tables.get(table));
      }
      case "CreateDatabase" -> {
        if (!databases.add(request.path("DatabaseInput").path("Name").asText())) {
          return error("AlreadyExistsException");
        }
      }
      case "CreateTable" -> {
        JsonNode input = request.path("TableInput");
        if (!databases.contains(database)) {
          return error("EntityNotFoundException");
        }
        if (tables.containsKey(database + "." + input.path("Name").asText())) {
          return error("AlreadyExistsException");
        }
        put(database, input.deepCopy(), 0);
      }
      case "UpdateTable" -> {
        JsonNode input = request.path("TableInput");
        ObjectNode found = tables.get(database + "." + input.path("Name").asText());
        if (!found.path("VersionId").asText().equals(request.path("VersionId").asText())) {
          return error("ConcurrentModificationException");
        }
        put(database, input.deepCopy(), found.path("VersionId").asInt() + 1);
      }
      case "GetTableOptimizer" -> {
        Boolean enabled = optimizers.get(optimizer);
        if (enabled == null) {
          return error("EntityNotFoundException");
        }
        answer
            .putObject("TableOptimizer")
            .put("type", request.path("Type").asText())
            .putObject("configuration")
            .put("enabled", enabled);
      }
      case "CreateTableOptimizer", "UpdateTableOptimizer" -> {
        boolean creates = operation.startsWith("Create");
        if (optimizers.containsKey(optimizer) == creates) {
          return error(creates ? "AlreadyExistsException" : "EntityNotFoundException");
        }
        optimizers.put(
            optimizer, request.path("TableOptimizerConfiguration").path("enabled").asBoolean(true));
      }
      default -> throw new IllegalStateException(operation);
    }
    return answer;
  }

  private void put(String database, JsonNode input, int version) {
    ObjectNode table = (ObjectNode) input;
    table.put("DatabaseName", database).put("CatalogId", "123456789012");
    table.put("VersionId", String.valueOf(version));
    tables.put(database + "." + table.path("Name").asText(), table);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
