package io.watershed.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.http.Context;
import io.watershed.server.http.Sessions.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to a handler, checked, and its answer. Used by one thread. */
public final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final Context ctx;
  private final Caller caller;
  private final Sessions sessions;
  private final Map<String, JsonNode> params;
  private final JsonNode body;
  private @Nullable String subject;
  private @Nullable Answered answered;

  Call(Context ctx, Caller caller, Sessions sessions, Map<String, JsonNode> params, JsonNode body) {
    this.ctx = ctx;
    this.caller = caller;
    this.sessions = sessions;
    this.params = params;
    this.body = body;
  }

  /** An answer of JSON, to be given again for the same Idempotency-Key. */
  record Answered(int status, Optional<String> location, String json) {}

  /** Who asks. */
  public Caller caller() {
    return caller;
  }

  /** A parameter that is always there. */
  public String text(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException(name + " has no default"));
  }

  /** A parameter that may be absent. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(params.get(name)).map(JsonNode::asText);
  }

  /** A number that is always there. */
  public long number(String name) {
    JsonNode value = params.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " has no default");
    }
    return value.longValue();
  }

  /** The body, as its shape says; an empty object without one. */
  public JsonNode body() {
    return body;
  }

  /** A text of the body that may be absent. */
  public Optional<String> bodyText(String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value.asText());
  }

  /** A header of the request. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(ctx.header(name));
  }

  /** What the call is about, for the audit log: a statement, a plan. No payloads. */
  public void isAbout(String what) {
    subject = what;
  }

  Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  /** Answers 200 with JSON. */
  public void answer(JsonNode json) {
    answer(200, json);
  }

  /** Answers with JSON. */
  public void answer(int status, JsonNode json) {
    answer(new Answered(status, Optional.empty(), json.toString()));
  }

  /** Answers 201 with JSON and where the new thing is. */
  public void created(String location, JsonNode json) {
    answer(new Answered(201, Optional.of(location), json.toString()));
  }

  /** Answers 204. */
  public void done() {
    ctx.status(204);
  }

  void answer(Answered answer) {
    answered = answer;
    ctx.status(answer.status());
    answer.location().ifPresent(location -> ctx.header("Location", location));
    ctx.contentType("application/json; charset=utf-8");
    ctx.result(answer.json().getBytes(StandardCharsets.UTF_8));
  }

  Optional<Answered> answered() {
    return Optional.ofNullable(answered);
  }

  /** Answers with text or bytes. */
  public void page(int status, String contentType, byte[] bytes) {
    ctx.status(status);
    ctx.contentType(contentType);
    ctx.result(bytes);
  }

  /** Sets a header of the answer. */
  public void set(String header, String value) {
    ctx.header(header, value);
  }

  /**
   * The body of an answer that is written bit by bit. An error after the first byte breaks the
   * connection.
   */
  public OutputStream stream(String contentType) throws IOException {
    ctx.contentType(contentType);
    return ctx.res().getOutputStream();
  }

  /** Something that waits for what happens. */
  @FunctionalInterface
  public interface Waiting<T> {
    /** Waits. */
    T get() throws Exception;
  }

  /**
   * Waits for something on this call's thread, as one of the live connections.
   *
   * @throws Problem 429 if there are too many
   */
  public <T> T waiting(Waiting<T> waiting) throws Exception {
    try (Session session = sessions.enter()) {
      return waiting.get();
    }
  }

  /** Where events come from. */
  @FunctionalInterface
  public interface EventSource {
    /** Begins to send, from any thread; what it returns is closed when nobody listens any more. */
    AutoCloseable open(EventStream events) throws Exception;
  }

  /**
   * Answers with server-sent events, until the source or the reader ends.
   *
   * @throws Problem 429 if there are too many, and whatever opening the source throws
   */
  public void events(EventSource source) throws Exception {
    EventStream events = new EventStream();
    try (Session session = sessions.enter();
        AutoCloseable open = source.open(events)) {
      sessions.add(events);
      ctx.header("X-Accel-Buffering", "no");
      ctx.contentType("text/event-stream; charset=utf-8");
      write(events);
    } finally {
      sessions.remove(events);
    }
  }

  private void write(EventStream events) {
    try {
      events.writeTo(ctx.res().getOutputStream());
    } catch (IOException gone) {
      LOG.trace("a reader of events closed the connection, which is how they end", gone);
    }
  }

  /** An empty body. */
  static final JsonNode NO_BODY = JsonNodeFactory.instance.objectNode();
}
