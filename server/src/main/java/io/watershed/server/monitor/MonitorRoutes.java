package io.watershed.server.monitor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.watershed.archive.StreamStatus;
import io.watershed.server.http.Call;
import io.watershed.server.http.Role;
import io.watershed.server.http.Route;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Metrics for Prometheus, and health for whoever restarts things. */
public final class MonitorRoutes {
  private static final String AREA = "Monitoring";

  private final Supplier<List<StreamStatus>> archivers;
  private final Consumer<Samples> more;

  /**
   * @param archivers what they do now
   * @param more adds what else is counted
   */
  public MonitorRoutes(Supplier<List<StreamStatus>> archivers, Consumer<Samples> more) {
    this.archivers = archivers;
    this.more = more;
  }

  /** {@code /metrics} and {@code /health}, as a running archiver has them. */
  public List<Route> routes() {
    return List.of(
        Route.get("/metrics", AREA, "Metrics in the text format of Prometheus.")
            .answers(200, "text/plain", "See docs/operations.md.")
            .by(call -> answer(call, ArchiveMetrics.page(archivers.get(), more))),
        Route.get("/health", AREA, "Whether every archiver works.")
            .answers(200, "{ok, streams: [{stream, ok, phase, trouble}]}")
            .answers(503, "The same, when one has ended or is fenced.")
            .by(call -> answer(call, Health.page(archivers.get()))));
  }

  /** {@code /health/live} and {@code /health/ready}, which need no token and say nothing else. */
  public List<Route> probes() {
    return List.of(
        Route.get("/health/live", AREA, "Whether the process answers at all.")
            .as(Role.NONE)
            .answers(200, "{ok: true}")
            .by(call -> call.answer(JsonNodeFactory.instance.objectNode().put("ok", true))),
        Route.get("/health/ready", AREA, "Whether it does its work.")
            .as(Role.NONE)
            .answers(200, "{ok: true}")
            .answers(503, "{ok: false}: an archiver has ended or is fenced, or it is stopping.")
            .by(this::ready));
  }

  private void ready(Call call) {
    boolean ok = Health.isOk(archivers.get());
    call.answer(ok ? 200 : 503, JsonNodeFactory.instance.objectNode().put("ok", ok));
  }

  private static void answer(Call call, Page page) {
    call.page(page.status(), page.contentType(), page.body());
  }
}
