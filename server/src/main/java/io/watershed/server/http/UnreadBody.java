package io.watershed.server.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of a body when the request was refused. Closing a connection with unread bytes
 * resets it, and a client that is still sending never sees why (RFC 9112, 9.6): so the answer goes
 * out first, and then the rest is read and forgotten, within bounds.
 */
final class UnreadBody {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadBody.class);
  private static final long MAX_BYTES = 16L << 20;
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private UnreadBody() {}

  /** Sends the answer and reads the rest; does nothing if nothing is left. */
  static void forget(Context ctx) {
    try {
      ServletInputStream in = ctx.req().getInputStream();
      if (hasBody(ctx) && !in.isFinished() && !ctx.res().isCommitted()) {
        send(ctx);
        read(in);
      }
    } catch (IOException | IllegalStateException e) {
      LOG.trace("nothing is left of the body", e);
    }
  }

  /** One who waits for 100 Continue has sent nothing. */
  private static boolean hasBody(Context ctx) {
    boolean announced =
        ctx.req().getContentLengthLong() > 0 || ctx.header("Transfer-Encoding") != null;
    return announced && ctx.header("Expect") == null;
  }

  private static void send(Context ctx) throws IOException {
    InputStream result = ctx.resultInputStream();
    byte[] answer = result == null ? new byte[0] : result.readAllBytes();
    ctx.res().setContentLength(answer.length);
    ctx.res().getOutputStream().write(answer);
    ctx.res().flushBuffer();
  }

  private static void read(InputStream in) throws IOException {
    long end = System.nanoTime() + MAX_TIME.toNanos();
    byte[] forgotten = new byte[16 << 10];
    for (long bytes = 0; bytes < MAX_BYTES && System.nanoTime() - end < 0; ) {
      int read = in.read(forgotten);
      if (read < 0) {
        return;
      }
      bytes += read;
    }
  }
}
