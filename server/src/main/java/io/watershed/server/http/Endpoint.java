package io.watershed.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.error.WatershedException;
import io.watershed.server.http.Call.Answered;
import io.watershed.server.trace.RequestTraces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to each request of the API before and after its handler: who asks, how often, from
 * where, with what; then the answer, or the problem. Thread-safe.
 */
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final int MAX_DEPTH = 32;
  private static final String KEY_HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final AccessRule access;
  private final Limits limits;
  private final RequestRate rate;
  private final Sessions sessions;
  private final AuditSink audit;
  private final ServerMetrics metrics;
  private final RequestTraces traces;
  private final IdempotentAnswers answers = new IdempotentAnswers();
  private volatile boolean stopping;

  Endpoint(
      AccessRule access,
      Limits limits,
      Sessions sessions,
      AuditSink audit,
      ServerMetrics metrics,
      RequestTraces traces) {
    this.access = access;
    this.traces = traces;
    this.metrics = metrics;
    this.limits = limits;
    this.sessions = sessions;
    this.audit = audit;
    this.rate =
        new RequestRate(limits.requestsPerSecond(), limits.requestBurst(), System::nanoTime);
  }

  /** From now on everything is answered 503. */
  void stop() {
    stopping = true;
  }

  /** Answers a request of a route; throws nothing. */
  void handle(Route route, Context ctx) {
    traces.request(route.method(), route.path(), ctx::header, () -> respond(route, ctx));
  }

  private RequestTraces.Answer respond(Route route, Context ctx) {
    long start = System.nanoTime();
    Optional<Call> call = Optional.empty();
    Optional<Caller> caller = Optional.empty();
    Optional<Problem> problem = Optional.empty();
    try {
      caller = Optional.of(caller(route, ctx));
      admit(route, ctx, caller.get());
      call = Optional.of(read(route, ctx, caller.get()));
      answer(route, ctx, call.get());
    } catch (Exception | StackOverflowError e) {
      problem = Optional.of(problem(e, route));
      Problems.answer(ctx, problem.get());
      UnreadBody.forget(ctx);
    } finally {
      int status = problem.map(Problem::status).orElse(ctx.statusCode());
      metrics.answered(route.method() + " " + route.path(), status, System.nanoTime() - start);
      if (route.audited() && caller.isPresent()) {
        audit.called(
            caller.get(),
            route.method() + " " + route.path(),
            call.flatMap(Call::subject),
            status,
            problem.map(Problem::code).orElse("ok"));
      }
    }
    return new RequestTraces.Answer(
        problem.map(Problem::status).orElse(ctx.statusCode()), problem.map(Problem::code));
  }

  private Caller caller(Route route, Context ctx) {
    if (stopping) {
      throw Problem.stopping();
    }
    return route.role() == Role.NONE
        ? new Caller("anybody", Role.NONE, ctx.ip())
        : access.caller(ctx);
  }

  private void admit(Route route, Context ctx, Caller caller) {
    rate.take(caller.name() + " " + caller.remote());
    if (!route.method().equals("GET")) {
      AccessRule.requireOrigin(ctx);
    }
    if (!caller.role().covers(route.role())) {
      throw Problem.of(
          403,
          "access-denied",
          "The token '" + caller.name() + "' may read only",
          "This needs a token with the role operate.");
    }
  }

  private Call read(Route route, Context ctx, Caller caller) throws IOException {
    return new Call(ctx, caller, sessions, params(route, ctx), body(route, ctx));
  }

  private static Map<String, JsonNode> params(Route route, Context ctx) {
    Map<String, JsonNode> values = new HashMap<>();
    Set<String> known = new TreeSet<>();
    Map<String, List<String>> given = ctx.queryParamMap();
    for (Param param : route.params()) {
      if (param.inPath()) {
        String text = ctx.pathParam(param.name());
        values.put(param.name(), param.shape().read(text, param.name()));
        continue;
      }
      known.add(param.name());
      List<String> texts = given.getOrDefault(param.name(), List.of());
      if (texts.size() > 1) {
        throw Problem.badRequest("'" + param.name() + "' is there twice", "Write it once.");
      }
      Optional<String> text = texts.stream().findFirst().or(param::otherwise);
      text.ifPresent(t -> values.put(param.name(), param.shape().read(t, param.name())));
    }
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw Shape.unknown(name, known, "the query of this address");
      }
    }
    return values;
  }

  private JsonNode body(Route route, Context ctx) throws IOException {
    if (route.method().equals("GET")) {
      return Call.NO_BODY;
    }
    requireJson(route, ctx);
    byte[] bytes = bytes(ctx);
    if (bytes.length == 0 && (route.body().isEmpty() || isOptional(route.body().get()))) {
      return Call.NO_BODY;
    }
    if (route.body().isEmpty()) {
      throw Problem.badRequest("This takes no body", "Leave it out.");
    }
    JsonNode body = parse(bytes);
    route.body().get().check(body, Shape.BODY);
    return body;
  }

  private static boolean isOptional(Shape.Members shape) {
    return shape.members().stream().noneMatch(Shape.Member::required);
  }

  private static void requireJson(Route route, Context ctx) {
    String type = ctx.contentType();
    boolean json =
        type != null
            && type.toLowerCase(Locale.ROOT).split(";", -1)[0].strip().equals("application/json");
    if (!json && (route.method().equals("POST") || type != null)) {
      throw Problem.of(
          415,
          "invalid-input",
          "The body must be JSON",
          "Send the header: Content-Type: application/json.");
    }
  }

  private byte[] bytes(Context ctx) throws IOException {
    if (ctx.req().getContentLengthLong() > limits.requestBytes()) {
      throw tooLarge();
    }
    InputStream in = ctx.req().getInputStream();
    byte[] bytes = in.readNBytes(limits.requestBytes() + 1);
    if (bytes.length > limits.requestBytes()) {
      throw tooLarge();
    }
    return bytes;
  }

  private Problem tooLarge() {
    return Problem.of(
            413, "limit", "The body is larger than " + limits.requestBytes() + " bytes", "")
        .with("Connection", "close");
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      // Jackson guesses the encoding; JSON here is UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return JSON.readTree(text);
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("The body is not UTF-8", "");
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
      throw Problem.badRequest(
          "The body is not JSON: line " + line + ", column " + column,
          "One object, each member once, nested at most " + MAX_DEPTH + " deep.");
    }
  }

  private void answer(Route route, Context ctx, Call call) throws Exception {
    String key = ctx.header(KEY_HEADER);
    if (!route.creates() || key == null) {
      route.handler().answer(call);
      return;
    }
    if (!KEY.matcher(key).matches()) {
      throw Problem.badRequest(
          "The " + KEY_HEADER + " is not 1 to 128 visible ASCII characters", "Take a UUID.");
    }
    String whole = call.caller().name() + " " + route.path() + " " + key;
    Optional<Answered> before =
        answers.begin(whole, AccessRule.hash(ctx.queryString() + " " + call.body()));
    if (before.isPresent()) {
      call.answer(before.get());
      call.set("Idempotency-Replayed", "true");
      return;
    }
    try {
      route.handler().answer(call);
    } finally {
      answers.end(whole, call.answered());
    }
  }

  private static Problem problem(Throwable thrown, Route route) {
    if (thrown instanceof Problem problem) {
      return problem;
    }
    if (thrown instanceof EofException) {
      LOG.debug("{} {}: the reader went away", route.method(), route.path());
      return Problem.of(400, "output", "The reader went away", "");
    }
    if (thrown instanceof WatershedException error) {
      Problem problem = Problem.of(error);
      if (problem.status() >= 500) {
        LOG.warn(
            "{} {}: {}: {}",
            route.method(),
            route.path(),
            error.code().text(),
            error.getMessage(),
            error);
      }
      return problem;
    }
    LOG.error("{} {} failed", route.method(), route.path(), thrown);
    return Problem.internal();
  }
}
