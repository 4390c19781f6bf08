package io.watershed.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One route: everything that routing, checking and the OpenAPI document need. Immutable.
 *
 * @param method of HTTP
 * @param path with parameters in braces
 * @param area the heading of its group in the documentation
 * @param summary what it does, as a sentence
 * @param role who may ask
 * @param params its parameters; others are refused
 * @param body the shape of its JSON body; empty if it takes none
 * @param creates whether it creates something, so that an Idempotency-Key is of use
 * @param audited whether it is written down who asked
 * @param answers what it answers when all is well
 * @param handler answers
 */
public record Route(
    String method,
    String path,
    String area,
    String summary,
    Role role,
    List<Param> params,
    Optional<Shape.Members> body,
    boolean creates,
    boolean audited,
    List<Answer> answers,
    Handler handler) {

  /** Answers one call. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers, once.
     *
     * @throws Problem what is answered instead
     * @throws io.watershed.core.error.WatershedException likewise
     */
    void answer(Call call) throws Exception;
  }

  /**
   * One way in which a route answers.
   *
   * @param status of HTTP
   * @param contentType empty without a body
   * @param meaning one sentence, with the members of a JSON object
   */
  public record Answer(int status, String contentType, String meaning) {}

  public Route {
    params = List.copyOf(params);
    answers = List.copyOf(answers);
  }

  /** A route that reads. */
  public static Route get(String path, String area, String summary) {
    return of("GET", path, area, summary, Role.READ, false);
  }

  /** A route that does something. */
  public static Route post(String path, String area, String summary) {
    return of("POST", path, area, summary, Role.READ, true);
  }

  /** A route that ends or forgets something. */
  public static Route delete(String path, String area, String summary) {
    return of("DELETE", path, area, summary, Role.READ, true);
  }

  private static Route of(
      String method, String path, String area, String summary, Role role, boolean audited) {
    return new Route(
        method,
        path,
        area,
        summary,
        role,
        List.of(),
        Optional.empty(),
        false,
        audited,
        List.of(),
        call -> {
          throw new IllegalStateException(path + " has no handler");
        });
  }

  /** The same for callers of this role only. */
  public Route as(Role other) {
    return new Route(
        method, path, area, summary, other, params, body, creates, audited, answers, handler);
  }

  /** The same with more parameters. */
  public Route with(Param... more) {
    List<Param> all = new ArrayList<>(params);
    all.addAll(List.of(more));
    return new Route(
        method, path, area, summary, role, all, body, creates, audited, answers, handler);
  }

  /** The same with a JSON body. */
  public Route taking(Shape.Members shape) {
    return new Route(
        method,
        path,
        area,
        summary,
        role,
        params,
        Optional.of(shape),
        creates,
        audited,
        answers,
        handler);
  }

  /** The same, but it creates something. */
  public Route creating() {
    return new Route(
        method, path, area, summary, role, params, body, true, audited, answers, handler);
  }

  /** The same, but it is written down, or not, who asked. */
  public Route audited(boolean whether) {
    return new Route(
        method, path, area, summary, role, params, body, creates, whether, answers, handler);
  }

  /** The same with one more answer of JSON. */
  public Route answers(int status, String meaning) {
    return answers(status, "application/json", meaning);
  }

  /** The same with one more answer. */
  public Route answers(int status, String contentType, String meaning) {
    List<Answer> all = new ArrayList<>(answers);
    all.add(new Answer(status, contentType, meaning));
    return new Route(
        method, path, area, summary, role, params, body, creates, audited, all, handler);
  }

  /** The same, answered by this. */
  public Route by(Handler other) {
    return new Route(
        method, path, area, summary, role, params, body, creates, audited, answers, other);
  }
}
