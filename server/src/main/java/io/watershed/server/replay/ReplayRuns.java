package io.watershed.server.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.replay.OutcomeJson;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.ReplayProgress;
import io.watershed.replay.RunMode;
import io.watershed.server.Backend;
import io.watershed.server.http.EventStream;
import io.watershed.server.http.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays that run in this process. Their state is the ledger's: when this process ends, it settles
 * what is in flight and enters that it stopped; any other process can go on. Thread-safe.
 */
public final class ReplayRuns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRuns.class);

  /** A run that is refused says so by then; else it has begun. */
  private static final Duration BEGIN_PATIENCE = Duration.ofSeconds(5);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  private final Backend backend;
  private final int most;
  private final Map<String, Run> running = new LinkedHashMap<>();
  private final Set<EventStream> listeners = ConcurrentHashMap.newKeySet();
  private boolean stopping;

  /** Over a backend. */
  public ReplayRuns(Backend backend, Limits limits) {
    this.backend = backend;
    this.most = limits.runningReplays();
  }

  /** One run in this process. */
  private static final class Run {
    private final ReplayPlan plan;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Set<EventStream> watchers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ReplayProgress progress;

    Run(ReplayPlan plan) {
      this.plan = plan;
    }
  }

  /**
   * Begins a run, or goes on with one.
   *
   * @throws Problem 409 if it runs here, 429 if too many do
   * @throws WatershedException if it could not begin
   */
  void start(ReplayPlan plan, RunMode mode) throws InterruptedException {
    Run run = new Run(plan);
    synchronized (this) {
      if (stopping) {
        throw Problem.stopping();
      }
      if (running.containsKey(plan.hash())) {
        throw Problem.of(
            409, ErrorCode.REFUSED.text(), "Replay " + plan.id() + " is running here", "");
      }
      if (running.size() >= most) {
        throw Problem.tooMany(
            most + " replays are running here already", "Pause one, or wait for one.", 30);
      }
      running.put(plan.hash(), run);
    }
    Thread thread = new Thread(() -> run(run, mode), "replay-" + plan.id());
    thread.setDaemon(true);
    thread.start();
    try {
      run.begun.get(BEGIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("replay {} waits to begin", plan.id());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof WatershedException known ? known : new IllegalStateException(e);
    }
  }

  /** Waits a little for the end of the plan's run, if it runs here. */
  void awaitEnd(String hash) throws InterruptedException {
    Run run;
    synchronized (this) {
      run = running.get(hash);
    }
    if (run != null) {
      try {
        run.ended.get(BEGIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("replay {} runs on", run.plan.id());
      }
    }
  }

  private void run(Run run, RunMode mode) {
    ObjectNode ended;
    try {
      ReplayOutcome outcome = backend.replays().run(run.plan, mode, listener(run), run.stop::get);
      run.begun.complete(null);
      ended = OutcomeJson.of(outcome);
      outcome.error().ifPresent(e -> ended.set("problem", Problem.of(e).json()));
      forget(run, ended);
    } catch (RuntimeException e) {
      if (!(e instanceof WatershedException)) {
        LOG.error("Replay {} failed", run.plan.id(), e);
      }
      run.begun.completeExceptionally(e);
      forget(
          run,
          JsonNodeFactory.instance
              .objectNode()
              .put("plan", run.plan.id())
              .put("ending", "failed")
              .set("problem", problem(e).json()));
    }
  }

  private static Problem problem(RuntimeException e) {
    return e instanceof WatershedException known ? Problem.of(known) : Problem.internal();
  }

  private ReplayListener listener(Run run) {
    return progress -> {
      run.progress = progress;
      run.begun.complete(null);
      ObjectNode json = OutcomeJson.of(progress);
      run.watchers.forEach(watcher -> watcher.send("progress", json));
      tell(run, "running", json);
    };
  }

  private void tell(Run run, String state, ObjectNode progress) {
    if (listeners.isEmpty()) {
      return;
    }
    ObjectNode event =
        JsonNodeFactory.instance.objectNode().put("plan", run.plan.id()).put("state", state);
    event.set("progress", progress);
    listeners.forEach(listener -> listener.send("replay", event));
  }

  private void forget(Run run, ObjectNode ended) {
    synchronized (this) {
      running.remove(run.plan.hash());
    }
    run.watchers.forEach(
        watcher -> {
          watcher.send("ended", ended);
          watcher.end();
        });
    tell(run, ended.path("ending").asText(), ended);
    run.ended.complete(null);
  }

  /** How far the plan's run is, if it runs here. */
  synchronized Optional<ObjectNode> progress(String hash) {
    Run run = running.get(hash);
    return run == null ? Optional.empty() : Optional.ofNullable(run.progress).map(OutcomeJson::of);
  }

  /** Whether the plan runs here. */
  synchronized boolean isRunning(String hash) {
    return running.containsKey(hash);
  }

  /**
   * Tells of one run until it ends.
   *
   * @return empty if it does not run here
   */
  synchronized Optional<AutoCloseable> watch(String hash, EventStream events) {
    Run run = running.get(hash);
    if (run == null) {
      return Optional.empty();
    }
    run.watchers.add(events);
    ReplayProgress progress = run.progress;
    if (progress != null) {
      events.send("progress", OutcomeJson.of(progress));
    }
    return Optional.of(() -> run.watchers.remove(events));
  }

  /** Tells of all runs. */
  public AutoCloseable listen(EventStream events) {
    listeners.add(events);
    return () -> listeners.remove(events);
  }

  /** Stops all runs with what is in flight settled; the ledger says how to go on. */
  @Override
  public void close() {
    Map<String, Run> all;
    synchronized (this) {
      stopping = true;
      all = new LinkedHashMap<>(running);
    }
    all.values().forEach(run -> run.stop.set(true));
    for (Run run : all.values()) {
      try {
        run.ended.get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn(
            "Replay {} did not stop in time; its lease ends by itself, and 'replay resume' goes on",
            run.plan.id());
      }
    }
  }
}
