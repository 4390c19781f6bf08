package io.watershed.server.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.ReplaySettings;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.record.RecordJson;
import io.watershed.cut.LiveMode;
import io.watershed.query.RecordScan;
import io.watershed.query.ScanRequest;
import io.watershed.replay.PlanOutlookJson;
import io.watershed.replay.ReplayControls;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.RunMode;
import io.watershed.replay.StoredReplayJson;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Owner;
import io.watershed.reservoir.replays.StoredReplays;
import io.watershed.server.Backend;
import io.watershed.server.http.Call;
import io.watershed.server.http.EventStream;
import io.watershed.server.http.Param;
import io.watershed.server.http.Problem;
import io.watershed.server.http.Role;
import io.watershed.server.http.Route;
import io.watershed.server.http.Shape;
import io.watershed.server.http.Shape.Member;
import io.watershed.server.http.Turns;
import io.watershed.server.stream.StreamWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code /replays}: plans, runs and the ledger. */
public final class ReplayRoutes implements AutoCloseable {
  private static final String AREA = "Replays";
  private static final int MAX_PREVIEW = 200;
  private static final int SCANS = 2;
  private static final Duration CHANGE_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LEDGER_INTERVAL = Duration.ofSeconds(2);
  private static final Param ID =
      Param.path("id", Shape.text(64, "[0-9a-f]{4,64}"), "The plan's id or hash.");
  private static final Param PREVIEW =
      Param.query(
              "preview",
              Shape.integer(0, MAX_PREVIEW),
              "So many of the first records, as they would arrive.")
          .or("0");
  private static final String PLAN =
      "{plan, hash, records, payload_bytes, oversize, superseded, target_arn, open_shards,"
          + " seconds_at_least, first_arrival, last_arrival, first_key, last_key, notes, preview,"
          + " document}";
  private static final String REPLAY =
      "{plan, hash, planned_at, stream, target, target_arn, state, run, planned, acknowledged,"
          + " skipped_oversize, superseded, possible_duplicates, order_violations, owners,"
          + " runs_here, silent_seconds, presumed_dead, actions, progress}";

  private final Backend backend;
  private final StreamWatch watch;
  private final ReplayRuns runs;
  private final Turns scans = new Turns(SCANS);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "replay-ledger-watch");
            thread.setDaemon(true);
            return thread;
          });

  /** Over the replays of a server. */
  public ReplayRoutes(Backend backend, StreamWatch watch, ReplayRuns runs) {
    this.backend = backend;
    this.watch = watch;
    this.runs = runs;
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/replays", AREA, "The replays of the reservoir, newest plan first.")
            .answers(200, "{replays: [" + REPLAY + "]}")
            .by(this::list),
        Route.get("/api/v1/replays/targets", AREA, "Streams that a replay may write to.")
            .answers(200, "{targets: [{name, configured}], patterns: [text]}")
            .by(this::targets),
        Route.post("/api/v1/replays/plans", AREA, "Plans a replay; writes to no stream.")
            .as(Role.OPERATE)
            .with(PREVIEW)
            .taking(PlanBody.SHAPE)
            .creating()
            .answers(201, PLAN)
            .by(this::plan),
        Route.post("/api/v1/replays/plans/count", AREA, "Counts what a plan would select.")
            .taking(PlanBody.SHAPE)
            .audited(false)
            .answers(200, "{records, payload_bytes, receipt}")
            .by(this::count),
        Route.get("/api/v1/replays/plans/{id}", AREA, "A plan and what a run would do.")
            .with(ID, PREVIEW)
            .answers(200, PLAN)
            .by(call -> call.answer(outlook(load(call), call))),
        Route.post(
                "/api/v1/replays/plans/{id}/diff",
                AREA,
                "Compares a plan with what its target's archive holds.")
            .with(ID)
            .taking(Shape.object())
            .answers(
                200,
                "{target_stream, target_receipt, keys, missing, same, different, newer,"
                    + " target_only}")
            .by(this::diff),
        Route.get("/api/v1/replays/{id}", AREA, "One replay, with its plan's document.")
            .with(ID)
            .answers(200, REPLAY)
            .by(call -> call.answer(replay(load(call)))),
        Route.post("/api/v1/replays/{id}/run", AREA, "Runs a plan here, or goes on with its run.")
            .as(Role.OPERATE)
            .with(ID)
            .taking(
                Shape.object(
                    Member.optional(
                        "force", Shape.flag(), "Begin anew, also if it finished or was ended.")))
            .creating()
            .answers(202, REPLAY)
            .by(
                call ->
                    start(
                        call,
                        call.body().path("force").asBoolean(false)
                            ? RunMode.AGAIN
                            : RunMode.START)),
        Route.post("/api/v1/replays/{id}/resume", AREA, "Goes on with a paused run, here.")
            .as(Role.OPERATE)
            .with(ID)
            .taking(Shape.object())
            .creating()
            .answers(202, REPLAY)
            .by(call -> start(call, RunMode.RESUME)),
        Route.post("/api/v1/replays/{id}/pause", AREA, "Pauses a run, wherever it runs.")
            .as(Role.OPERATE)
            .with(ID)
            .taking(Shape.object())
            .creating()
            .answers(202, REPLAY)
            .by(call -> change(call, ReplayControls::pause)),
        Route.post("/api/v1/replays/{id}/cancel", AREA, "Ends a run for good, wherever it runs.")
            .as(Role.OPERATE)
            .with(ID)
            .taking(Shape.object())
            .creating()
            .answers(202, REPLAY)
            .by(call -> change(call, ReplayControls::cancel)),
        Route.get("/api/v1/replays/{id}/events", AREA, "How a run gets on, until it ends.")
            .with(ID)
            .answers(
                200,
                "text/event-stream",
                "progress {planned, sent, acknowledged, bytes, records_per_second, eta_seconds,"
                    + " throttles, retries, hot_key_share, shards: [{shard, records_per_second,"
                    + " bytes_per_second, share, allowed_share, throttled}], shards_left_out}:"
                    + " shares are of the shard's write quota; ended {ending, …}")
            .by(this::events));
  }

  private ReplayPlan load(Call call) {
    call.isAbout(call.text("id"));
    return backend.replays().load(call.text("id"));
  }

  private void plan(Call call) throws Exception {
    PlanBody body = new PlanBody(call.body(), backend.config(), backend.clock());
    watch.requireKnown(body.stream());
    ReplayPlan plan = scans.run(() -> backend.replays().plan(body.request()));
    call.isAbout(plan.id() + ": " + plan.stream() + " to " + plan.target());
    call.created("/api/v1/replays/plans/" + plan.id(), outlook(plan, call));
  }

  private ObjectNode outlook(ReplayPlan plan, Call call) throws Exception {
    int preview = Math.toIntExact(call.number("preview"));
    return scans.run(
        () -> PlanOutlookJson.of(plan, backend.replays().outlook(plan, preview), RecordJson::of));
  }

  private void count(Call call) throws Exception {
    PlanBody body = new PlanBody(call.body(), backend.config(), backend.clock());
    String stream = watch.requireKnown(body.stream());
    ScanRequest wanted =
        new ScanRequest(stream, body.selection(), List.of(), body.asOf(), LiveMode.OFF);
    backend.engine().requireRepeatable(wanted);
    ObjectNode counted =
        scans.run(
            () -> {
              try (RecordScan scan = backend.engine().scan(wanted)) {
                RecordScan.Totals totals = scan.totals();
                return JsonNodeFactory.instance
                    .objectNode()
                    .put("records", totals.records())
                    .put("payload_bytes", totals.payloadBytes())
                    .put("receipt", scan.receipt().id());
              }
            });
    call.answer(counted);
  }

  private void diff(Call call) throws Exception {
    ReplayPlan plan = load(call);
    call.answer(PlanOutlookJson.of(scans.run(() -> backend.replayDiff().compare(plan))));
  }

  private void targets(Call call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode targets = json.putArray("targets");
    for (StreamConfig stream : backend.config().streams()) {
      if (backend.config().replay().allows(stream.name(), stream.nameOrArn())) {
        targets.addObject().put("name", stream.alias()).put("configured", true);
      }
    }
    backend.config().replay().targets().forEach(json.putArray("patterns")::add);
    call.answer(json);
  }

  private void list(Call call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode replays = json.putArray("replays");
    new StoredReplays(backend.reservoir().store())
        .list().stream()
            .sorted(Comparator.comparing(StoredReplay::plannedAt).reversed())
            .forEach(replay -> replays.add(standing(StoredReplayJson.of(replay), replay)));
    call.answer(json);
  }

  private ObjectNode replay(ReplayPlan plan) {
    StoredReplay stored = stored(plan);
    return standing(StoredReplayJson.of(stored, plan), stored);
  }

  private StoredReplay stored(ReplayPlan plan) {
    return new StoredReplays(backend.reservoir().store())
        .find(plan.hash())
        .orElseThrow(() -> Problem.notFound("There is no replay " + plan.id(), ""));
  }

  /** What the ledger cannot know: who runs it here, whether its owner lives, what can be done. */
  private ObjectNode standing(ObjectNode json, StoredReplay replay) {
    boolean here = runs.isRunning(replay.hash());
    Optional<Duration> silent = here ? Optional.empty() : silent(replay);
    ReplaySettings settings = ReplaySettings.DEFAULTS.withLease(backend.config().replay().lease());
    Duration patience = settings.lease().plus(settings.requestTimeout());
    boolean dead = silent.filter(time -> time.compareTo(patience) > 0).isPresent();
    json.put("created_at", replay.plannedAt().toString())
        .put("records", replay.records() - replay.oversize())
        .put("runs_here", here)
        .put("silent_seconds", silent.map(time -> time.toMillis() / 1e3).orElse(null))
        .put("presumed_dead", dead);
    ArrayNode actions = json.putArray("actions");
    actions(replay.state(), dead).forEach(actions::add);
    json.set("progress", runs.progress(replay.hash()).orElse(null));
    return json;
  }

  private Optional<Duration> silent(StoredReplay replay) {
    if (!replay.state().equals("running") || replay.owners().isEmpty()) {
      return Optional.empty();
    }
    Owner owner = replay.owners().get(replay.owners().size() - 1);
    Instant sign = owner.last().map(StoredReplay.Progress::updatedAt).orElse(owner.takenAt());
    Duration silent = Duration.between(sign, backend.clock().instant());
    return Optional.of(silent.isNegative() ? Duration.ZERO : silent);
  }

  private static List<String> actions(String state, boolean dead) {
    return switch (state) {
      case "planned" -> List.of("run", "cancel");
      case "running" -> dead ? List.of("resume", "pause", "cancel") : List.of("pause", "cancel");
      case "finished", "cancelled" -> List.of("run-again");
      default -> List.of("resume", "cancel");
    };
  }

  private void start(Call call, RunMode mode) throws InterruptedException {
    ReplayPlan plan = load(call);
    if (!stored(plan).state().equals("running")) {
      // The ledger says that a run has ended a moment before its thread has.
      runs.awaitEnd(plan.hash());
    }
    runs.start(plan, mode);
    call.answer(202, replay(plan));
  }

  /** One change of a run's state. */
  private interface Change {
    ReplayControls.Changed apply(
        ReplayControls controls,
        ReplayPlan plan,
        ReplayListener listener,
        BooleanSupplier stopRequested);
  }

  private void change(Call call, Change change) {
    ReplayPlan plan = load(call);
    long until = System.nanoTime() + CHANGE_PATIENCE.toNanos();
    ReplayControls.Changed changed =
        change.apply(
            backend.replayControls(),
            plan,
            ReplayListener.NONE,
            () -> System.nanoTime() - until > 0);
    call.answer(202, replay(plan).put("asked_state", changed.state()));
  }

  private void events(Call call) throws Exception {
    ReplayPlan plan = load(call);
    call.events(
        events -> runs.watch(plan.hash(), events).orElseGet(() -> followLedger(plan, events)));
  }

  /** Of a run elsewhere, what the ledger says. */
  private AutoCloseable followLedger(ReplayPlan plan, EventStream events) {
    ScheduledFuture<?> polling =
        timer.scheduleWithFixedDelay(
            () -> tellLedger(plan, events), 0, LEDGER_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return () -> polling.cancel(false);
  }

  private void tellLedger(ReplayPlan plan, EventStream events) {
    StoredReplay replay = stored(plan);
    ObjectNode json = StoredReplayJson.of(replay);
    events.send(
        "progress",
        JsonNodeFactory.instance
            .objectNode()
            .put("planned", json.path("planned").asLong())
            .put("sent", json.path("acknowledged").asLong())
            .put("acknowledged", json.path("acknowledged").asLong())
            .put("bytes", 0)
            .putNull("records_per_second")
            .putNull("eta_seconds")
            .put("throttles", 0)
            .put("retries", 0)
            .put("hot_key_share", 0));
    if (!replay.state().equals("running")) {
      events.send("ended", json.put("ending", replay.state()));
      events.end();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
