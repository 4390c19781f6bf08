package io.watershed.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1) of a list of routes. */
public final class OpenApi {
  private static final String PROBLEM = "#/components/responses/Problem";

  private OpenApi() {}

  /** The document. */
  public static ObjectNode of(List<Route> routes, String version) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.1");
    document
        .putObject("info")
        .put("title", "watershed")
        .put("version", version)
        .put("summary", "Archive, query and replay of Amazon Kinesis records.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    tags(document.putArray("tags"), routes);
    ObjectNode paths = document.putObject("paths");
    for (Route route : routes) {
      paths
          .withObjectProperty(route.path())
          .set(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    components(document.putObject("components"));
    document.putArray("security").addObject().putArray("token");
    return document;
  }

  private static void tags(ArrayNode tags, List<Route> routes) {
    TreeSet<String> areas = new TreeSet<>();
    routes.forEach(route -> areas.add(route.area()));
    areas.forEach(area -> tags.addObject().put("name", area));
  }

  private static ObjectNode operation(Route route) {
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.putArray("tags").add(route.area());
    operation
        .put("summary", route.summary())
        .put("operationId", operationId(route))
        .put("description", "Role: " + route.role().text() + ".");
    if (route.role() == Role.NONE) {
      operation.putArray("security");
    }
    ArrayNode parameters = operation.putArray("parameters");
    route.params().forEach(param -> put(parameters.addObject(), param));
    if (route.creates()) {
      parameters
          .addObject()
          .put("name", "Idempotency-Key")
          .put("in", "header")
          .put("description", "The same key with the same body gets the same answer.")
          .putObject("schema")
          .put("type", "string")
          .put("pattern", "^[!-~]{1,128}$");
    }
    route
        .body()
        .ifPresent(
            shape -> {
              ObjectNode body = operation.putObject("requestBody");
              body.put("required", shape.members().stream().anyMatch(Shape.Member::required));
              body.putObject("content").putObject("application/json").set("schema", shape.schema());
            });
    ObjectNode responses = operation.putObject("responses");
    for (Route.Answer answer : route.answers()) {
      ObjectNode response = responses.withObjectProperty(String.valueOf(answer.status()));
      response.put("description", answer.meaning());
      if (!answer.contentType().isEmpty()) {
        response.withObjectProperty("content").putObject(answer.contentType());
      }
    }
    responses.putObject("default").put("$ref", PROBLEM);
    return operation;
  }

  private static void put(ObjectNode parameter, Param param) {
    ObjectNode schema = param.shape().schema();
    parameter
        .put("name", param.name())
        .put("in", param.inPath() ? "path" : "query")
        .put("required", param.inPath())
        .put("description", param.meaning())
        .set("schema", schema);
    param.otherwise().ifPresent(text -> schema.set("default", param.shape().read(text, "")));
  }

  private static String operationId(Route route) {
    StringBuilder id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
    for (String part : route.path().replace("/api/v1", "").split("[^A-Za-z0-9]+", -1)) {
      if (!part.isEmpty()) {
        id.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
      }
    }
    return id.toString();
  }

  private static void components(ObjectNode components) {
    components
        .putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "None is needed on loopback, unless the server has tokens.");
    ObjectNode problem = components.putObject("responses").putObject("Problem");
    problem.put("description", "Problem details (RFC 9457) with code and hint.");
    ObjectNode schema =
        problem
            .putObject("content")
            .putObject(Problem.CONTENT_TYPE)
            .putObject("schema")
            .put("type", "object");
    ObjectNode members = schema.putObject("properties");
    for (String name : List.of("type", "title", "detail", "code", "hint")) {
      members.putObject(name).put("type", "string");
    }
    members.putObject("status").put("type", "integer");
  }
}
