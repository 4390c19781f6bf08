package io.watershed.server.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers problems, also of requests that never reach a route. */
final class Problems {
  private Problems() {}

  /** Answers; if a part of another answer is under way, breaks the connection instead. */
  static void answer(Context ctx, Problem problem) {
    if (ctx.res().isCommitted()) {
      ServletContextRequest.getServletContextRequest(ctx.req())
          .getConnectionMetaData()
          .getConnection()
          .getEndPoint()
          .close();
      return;
    }
    ctx.res().resetBuffer();
    problem.headers().forEach(ctx::header);
    ctx.status(problem.status());
    ctx.contentType(Problem.CONTENT_TYPE);
    ctx.removeHeader("Content-Disposition");
    ctx.result(problem.json().toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Jetty's own errors: a request that is no HTTP, a path that cannot be one. */
  static boolean answer(Request request, Response response, Callback callback) {
    int status = response.getStatus() < 400 ? 500 : response.getStatus();
    Problem problem =
        status >= 500 && status != 503
            ? Problem.internal()
            : Problem.of(
                status,
                "invalid-input",
                "The request cannot be read as HTTP, or its address as a path",
                "");
    SecurityHeaders.ALL.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.setStatus(status);
    Content.Sink.write(response, true, problem.json().toString(), callback);
    return true;
  }
}
