package io.watershed.server.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Map;

/**
 * An error as it is answered: problem details (RFC 9457) with the code and the hint of {@link
 * WatershedException} beside the standard members.
 */
public final class Problem extends RuntimeException {
  /** The content type of an error. */
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final long serialVersionUID = 1L;
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad request"),
          Map.entry(401, "A token is needed"),
          Map.entry(403, "Not allowed"),
          Map.entry(404, "Not found"),
          Map.entry(405, "Method not allowed"),
          Map.entry(406, "Not acceptable"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Too large"),
          Map.entry(415, "Unsupported media type"),
          Map.entry(421, "Misdirected request"),
          Map.entry(422, "Cannot be answered"),
          Map.entry(429, "Too many requests"),
          Map.entry(431, "Header too large"),
          Map.entry(500, "Internal error"),
          Map.entry(502, "A service behind this one failed"),
          Map.entry(503, "Stopping"));

  private final int status;
  private final String code;
  private final String hint;
  private final Map<String, String> headers;

  private Problem(
      int status, String code, String detail, String hint, Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = Map.copyOf(headers);
  }

  /**
   * A problem.
   *
   * @param status of HTTP
   * @param code stable, as {@link ErrorCode#text()}
   * @param detail what happened, as a sentence
   * @param hint what to do next; may be empty
   */
  public static Problem of(int status, String code, String detail, String hint) {
    return new Problem(status, code, detail, hint, Map.of());
  }

  /** Input that is not as described: 400 {@code invalid-input}. */
  public static Problem badRequest(String detail, String hint) {
    return of(400, ErrorCode.INVALID_INPUT.text(), detail, hint);
  }

  /** 404 {@code not-found}. */
  public static Problem notFound(String detail, String hint) {
    return of(404, ErrorCode.NOT_FOUND.text(), detail, hint);
  }

  /** A bound of this server: 429 {@code limit}. */
  public static Problem tooMany(String detail, String hint, long retryAfterSeconds) {
    return of(429, ErrorCode.LIMIT.text(), detail, hint)
        .with("Retry-After", String.valueOf(Math.max(1, retryAfterSeconds)));
  }

  /** The server is about to end: 503. */
  public static Problem stopping() {
    return of(
            503,
            "stopping",
            "The server is stopping",
            "Ask again when it has started: nothing that was acknowledged is lost.")
        .with("Retry-After", "5");
  }

  /** What an error of watershed means over HTTP; a defect says nothing about itself. */
  public static Problem of(WatershedException error) {
    int status = status(error.code());
    if (error.code() == ErrorCode.INTERNAL) {
      return internal();
    }
    return of(status, error.code().text(), String.valueOf(error.getMessage()), error.hint());
  }

  /** A defect: 500, the log says more. */
  public static Problem internal() {
    return of(
        500,
        ErrorCode.INTERNAL.text(),
        "This request failed for a reason that nobody foresaw",
        "The server's log says more.");
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case USAGE, INVALID_INPUT -> 400;
      case NOT_FOUND, STREAM_NOT_FOUND -> 404;
      case REFUSED, FENCED, CANCELLED -> 409;
      case GAP, POSITION_LOST -> 410;
      case SQL, LIMIT -> 422;
      case CREDENTIALS, ACCESS_DENIED, UNREACHABLE, STORE, STORE_NOT_CONDITIONAL -> 502;
      default -> 500;
    };
  }

  /** The same with one more header. */
  Problem with(String header, String value) {
    java.util.Map<String, String> more = new java.util.TreeMap<>(headers);
    more.put(header, value);
    return new Problem(status, code, detail(), hint, more);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  Map<String, String> headers() {
    return headers;
  }

  /** {@code {type,title,status,detail,code,hint}}. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "about:blank")
        .put("title", TITLES.getOrDefault(status, "Error"))
        .put("status", status)
        .put("detail", detail())
        .put("code", code)
        .put("hint", hint);
  }
}
