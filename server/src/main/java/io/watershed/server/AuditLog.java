package io.watershed.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.server.http.AuditSink;
import io.watershed.server.http.Call;
import io.watershed.server.http.Caller;
import io.watershed.server.http.Param;
import io.watershed.server.http.Role;
import io.watershed.server.http.Route;
import io.watershed.server.http.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who ran what: one JSON object a line in a file, and the newest in memory. A file of 64 MiB is set
 * aside under the name with {@code .1}, of which one is kept. Thread-safe.
 */
final class AuditLog implements AuditSink {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final int MAX_KEPT = 1_000;
  private static final int MAX_SUBJECT_CHARS = 10_000;

  private final Path file;
  private final InstantSource clock;
  private final Deque<ObjectNode> newest = new ArrayDeque<>();
  private boolean failing;

  /**
   * @throws WatershedException {@code config} if the file cannot be written
   */
  AuditLog(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    try {
      append("");
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The audit log " + file + " cannot be written: " + e.getClass().getSimpleName(),
          "Name another file in server.audit_log; its folder must exist.",
          e);
    }
  }

  @Override
  public synchronized void called(
      Caller caller, String action, Optional<String> subject, int status, String outcome) {
    ObjectNode entry =
        JsonNodeFactory.instance
            .objectNode()
            .put("time", clock.instant().toString())
            .put("caller", caller.name())
            .put("role", caller.role().text())
            .put("remote", caller.remote())
            .put("action", action)
            .put("what", subject.map(AuditLog::shortened).orElse(null))
            .put("status", status)
            .put("outcome", outcome);
    newest.addFirst(entry);
    if (newest.size() > MAX_KEPT) {
      newest.removeLast();
    }
    try {
      append(entry + "\n");
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("The audit log {} cannot be written: {}", file, e.toString());
      }
      failing = true;
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SUBJECT_CHARS ? text : text.substring(0, MAX_SUBJECT_CHARS) + "…";
  }

  private void append(String line) throws IOException {
    if (Files.exists(file) && Files.size(file) > MAX_FILE_BYTES) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(
        file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/audit", "Server", "Who ran what since the server started.")
            .as(Role.OPERATE)
            .with(Param.query("limit", Shape.integer(1, MAX_KEPT), "The newest so many.").or("100"))
            .answers(
                200, "{entries: [{time, caller, role, remote, action, what, status, outcome}]}")
            .by(this::audit));
  }

  private synchronized void audit(Call call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode entries = json.putArray("entries");
    Iterator<ObjectNode> each = newest.iterator();
    for (long left = call.number("limit"); left > 0 && each.hasNext(); left--) {
      entries.add(each.next());
    }
    call.answer(json);
  }
}
