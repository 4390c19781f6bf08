package io.watershed.server.statement;

import io.opentelemetry.context.Context;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;
import io.watershed.query.StatementControl;
import io.watershed.query.spool.ResultSpool;
import io.watershed.server.Backend;
import io.watershed.server.http.Caller;
import io.watershed.server.http.Problem;
import io.watershed.server.http.Role;
import io.watershed.server.statement.Statement.State;
import io.watershed.server.trace.StatementTraces;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statements of a server: a bounded number runs, a bounded number waits, results are kept in
 * files of a bounded size for a bounded time. Thread-safe.
 */
public final class Statements implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Statements.class);
  private static final int ID_BYTES = 12;
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);
  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  /** How long a result that is streamed waits for its turn. */
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(20);

  private final Backend backend;
  private final Limits limits;
  private final ExecutorService threads;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "statement-sweeper"));
  private final StatementTraces traces;
  private final Semaphore turns;
  private final AtomicInteger waiting = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Statement> kept = new LinkedHashMap<>();
  private final Set<StatementControl> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Over a backend, whose temporary folder holds the results. */
  public Statements(Backend backend, Limits limits) {
    this.backend = backend;
    this.limits = limits;
    this.traces = new StatementTraces(backend.telemetry(), backend.clock());
    this.turns = new Semaphore(limits.runningStatements(), true);
    this.threads =
        Executors.newFixedThreadPool(limits.runningStatements(), task -> daemon(task, "statement"));
    var unused =
        sweeper.scheduleWithFixedDelay(
            this::sweep,
            SWEEP_INTERVAL.toMillis(),
            SWEEP_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a statement as soon as it is its turn.
   *
   * @throws Problem 429 if too many wait
   */
  Statement submit(Asked asked, Caller caller) throws IOException {
    if (stopping) {
      throw Problem.stopping();
    }
    if (waiting.incrementAndGet() > limits.waitingStatements() + limits.runningStatements()) {
      waiting.decrementAndGet();
      throw Problem.tooMany(
          limits.waitingStatements() + " statements wait already",
          "Cancel some, or ask again later; server.max_waiting_statements is the bound.",
          5);
    }
    try {
      Statement statement = newStatement(asked, caller);
      threads.execute(() -> run(statement));
      return statement;
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet();
      throw Problem.stopping();
    } catch (IOException | RuntimeException e) {
      waiting.decrementAndGet();
      throw e;
    }
  }

  private Statement newStatement(Asked asked, Caller caller) throws IOException {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Path file = backend.temporary().resolve("result-" + id);
    Statement statement =
        new Statement(
            id,
            asked,
            caller,
            backend.clock().instant(),
            new ResultSpool(file, limits.resultBytes()));
    synchronized (kept) {
      kept.put(id, statement);
    }
    evict();
    return statement;
  }

  private void run(Statement statement) {
    try {
      turns.acquire();
      try {
        if (statement.start(backend.clock().instant())) {
          execute(statement);
        }
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(statement, State.FAILED, Optional.empty(), Optional.of(Problem.stopping()));
    } finally {
      waiting.decrementAndGet();
      evict();
    }
  }

  private void execute(Statement statement) {
    running.add(statement.control());
    try {
      if (stopping) {
        statement.control().cancel();
      }
      QueryOutcome outcome =
          traced(statement.asked(), statement.parent(), statement.spool(), statement.control());
      end(statement, State.DONE, Optional.of(outcome), Optional.empty());
    } catch (WatershedException e) {
      ended(statement, e);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("Statement {} failed", statement.id(), e);
      end(statement, State.FAILED, Optional.empty(), Optional.of(Problem.internal()));
    } finally {
      running.remove(statement.control());
    }
  }

  private QueryOutcome traced(
      Asked asked, Context parent, ResultSink sink, StatementControl control) {
    return traces.run(
        parent,
        asked.engine().name().toLowerCase(Locale.ROOT),
        () -> backend.engine(asked.engine()).execute(asked.request(), sink, control));
  }

  private void ended(Statement statement, WatershedException error) {
    if (stopping) {
      end(statement, State.FAILED, Optional.empty(), Optional.of(Problem.stopping()));
    } else if (statement.spool().isFull()) {
      end(statement, State.DONE, Optional.empty(), Optional.empty());
    } else if (error.code() == ErrorCode.CANCELLED) {
      end(statement, State.CANCELLED, Optional.empty(), Optional.of(Problem.of(error)));
    } else {
      end(statement, State.FAILED, Optional.empty(), Optional.of(Problem.of(error)));
    }
  }

  private void end(
      Statement statement, State state, Optional<QueryOutcome> outcome, Optional<Problem> problem) {
    statement.end(state, backend.clock().instant(), outcome, problem);
  }

  /**
   * Runs a statement on the calling thread and hands its rows over as they come.
   *
   * @throws Problem 429 if it did not get its turn, 503 if the server stopped
   * @throws WatershedException as {@link io.watershed.query.QueryEngine#execute}
   */
  void stream(Asked asked, ResultSink sink, StatementControl control) throws InterruptedException {
    if (!turns.tryAcquire(TURN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw Problem.tooMany(
          limits.runningStatements() + " statements are running, and none ended in time",
          "Ask again later; server.max_statements is the bound.",
          5);
    }
    running.add(control);
    try {
      if (stopping) {
        throw Problem.stopping();
      }
      QueryOutcome unused = traced(asked, StatementTraces.here(), sink, control);
    } catch (WatershedException e) {
      throw stopping ? Problem.stopping() : e;
    } finally {
      running.remove(control);
      turns.release();
    }
  }

  /**
   * A statement that is kept.
   *
   * @throws Problem 404
   */
  Statement find(String id) {
    synchronized (kept) {
      Statement statement = kept.get(id);
      if (statement == null) {
        throw Problem.notFound(
            "There is no statement " + id,
            "Results are kept for "
                + limits.resultIdle().toMinutes()
                + " minutes after their last use; run it again as of its receipt.");
      }
      statement.use();
      return statement;
    }
  }

  /** How many statements are in each state. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (State state : State.values()) {
      counts.put(state.text(), 0);
    }
    list().forEach(statement -> counts.merge(statement.state().text(), 1, Integer::sum));
    return counts;
  }

  /** Those that are kept, newest first. */
  List<Statement> list() {
    synchronized (kept) {
      List<Statement> all = new ArrayList<>(kept.values());
      Collections.reverse(all);
      return all;
    }
  }

  /**
   * Cancels a statement that runs or waits; forgets one that is over.
   *
   * @throws Problem 403 if it is somebody else's and the caller may read only, 404
   */
  void delete(String id, Caller caller) {
    Statement statement = find(id);
    if (caller.role() != Role.OPERATE && !caller.name().equals(statement.caller().name())) {
      throw Problem.of(
          403, "access-denied", "The statement is of '" + statement.caller().name() + "'", "");
    }
    if (statement.state().isOver()) {
      forget(statement);
      return;
    }
    if (statement.start(backend.clock().instant())) {
      // It waits: nobody else will start it now.
      end(
          statement,
          State.CANCELLED,
          Optional.empty(),
          Optional.of(Problem.of(StatementControl.cancelledError(null))));
    } else {
      statement.control().cancel();
    }
  }

  private void forget(Statement statement) {
    synchronized (kept) {
      kept.remove(statement.id());
    }
    try {
      statement.spool().close();
    } catch (IOException e) {
      LOG.warn("The result {} could not be deleted: {}", statement.id(), e.toString());
    }
  }

  private void sweep() {
    list().stream()
        .filter(statement -> statement.isIdle(limits.resultIdle()))
        .forEach(this::forget);
  }

  /** The oldest results that are over go, while there are too many or they take too much. */
  private void evict() {
    List<Statement> newestFirst = list();
    long bytes = 0;
    for (int i = 0; i < newestFirst.size(); i++) {
      Statement statement = newestFirst.get(i);
      bytes += statement.spool().bytes();
      boolean tooMany = i >= limits.keptStatements() || bytes > limits.allResultBytes();
      if (i > 0 && tooMany && statement.state().isOver()) {
        forget(statement);
      }
    }
  }

  /** Ends what runs, with an error that says why, and deletes the results. */
  @Override
  public void close() {
    stopping = true;
    running.forEach(StatementControl::cancel);
    threads.shutdown();
    sweeper.shutdownNow();
    for (Statement statement : list()) {
      if (statement.state() == State.QUEUED) {
        end(statement, State.FAILED, Optional.empty(), Optional.of(Problem.stopping()));
      }
    }
    try {
      if (!threads.awaitTermination(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    list().forEach(this::forget);
  }
}
