package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.Water.Answer;
import io.watershed.query.worker.WorkerMain;
import io.watershed.query.worker.WorkerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements in a process of their own: what ends one ends nothing else. */
class IsolatedEngineTest {
  private static final WorkerSettings WORKERS = WorkerSettings.DEFAULTS.withSpare(false);

  /** Counts more than any machine can in the time of a test. */
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c"
          + " WHERE a.range + b.range + c.range < 0";

  @TempDir Path folder;
  private Water water;

  @BeforeEach
  void open() throws Exception {
    water = new Water(folder, "orders");
    water.putOrders("orders", 1, 30);
    water.put("orders", "k", "{\"customer\":{\"city\":\"Köln\"},\"tags\":[1,\"x\"],\"open\":true}");
    water.archive("orders");
    water.putOrders("orders", 31, 40);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    water.close();
    assertThat(workers()).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("cache/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private static List<ProcessHandle> workers() {
    return ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .filter(child -> commandLine(child).contains(WorkerMain.class.getName()))
        .toList();
  }

  /** All of it: {@link ProcessHandle.Info} shows the first 4 KiB. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // gone
    }
  }

  @Test
  void resultsAreTheSameAsInProcess() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      for (String sql :
          List.of(
              "SELECT * FROM orders ORDER BY _shard_id, _sequence_number",
              "SELECT * FROM orders_live ORDER BY id",
              "SELECT count(*), sum(id), sum(amount) FROM orders",
              "SELECT (SELECT count(*) FROM orders_archive), (SELECT count(*) FROM orders_live)",
              "SELECT * FROM watershed.shards ORDER BY ALL",
              "SELECT s.stream, count(*) FROM watershed.snapshots s, orders GROUP BY 1",
              "DESCRIBE orders",
              AllTypes.SELECT,
              "SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('ä', 100) || i END"
                  + " FROM range(30000) t(i) ORDER BY i")) {
        assertSame(water.ask(sql), Water.ask(isolated, SqlRequest.of(sql)));
      }
      Answer first = water.ask("SELECT * FROM orders ORDER BY id, _sequence_number");
      water.putOrders("orders", 41, 50);
      assertSame(
          first,
          Water.ask(
              isolated,
              SqlRequest.of("SELECT * FROM orders ORDER BY id, _sequence_number")
                  .at(first.receipt())));
    }
  }

  private static void assertSame(Answer expected, Answer actual) {
    assertThat(actual.columns).isEqualTo(expected.columns);
    assertThat(typed(actual.rows)).isEqualTo(typed(expected.rows));
    assertThat(actual.outcome.rows()).isEqualTo(expected.outcome.rows());
  }

  /** A value with its Java type, so that a Long and an Integer differ, and equal bytes do not. */
  private static Object typed(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(IsolatedEngineTest::typed).toList();
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().map(e -> List.of(e.getKey(), typed(e.getValue()))).toList();
    }
    if (value instanceof byte[] bytes) {
      return "bytes " + HexFormat.of().formatHex(bytes);
    }
    return value == null ? "null" : value.getClass().getName() + " " + value;
  }

  @Test
  void anInterruptOfTheTerminalIsTheParentsBusiness() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      assertThat(Water.ask(isolated, SqlRequest.of("SELECT count(*) FROM orders")).single())
          .isEqualTo(41L);
      List<ProcessHandle> before = workers();
      assertThat(before).hasSize(1);
      String pid = Long.toString(before.get(0).pid());
      assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
      assertThat(Water.ask(isolated, SqlRequest.of("SELECT count(*) FROM orders")).single())
          .isEqualTo(41L);
      assertThat(workers()).isEqualTo(before);
    }
  }

  @Test
  void errorsOfTheStatementAreTheSameAsInProcess() {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      for (String sql :
          List.of(
              "SELECT nothing FROM orders",
              "SELECT 'x'::INTEGER FROM orders",
              "SELECT * FROM payments",
              "SELECT getenv('HOME')",
              "DROP VIEW orders")) {
        WatershedException expected = failure(water.engine, sql);
        WatershedException actual = failure(isolated, sql);
        assertThat(actual.code()).isEqualTo(expected.code());
        assertThat(actual).hasMessage(expected.getMessage());
        assertThat(actual.hint()).isEqualTo(expected.hint());
      }
      assertWorks(isolated);
      assertThat(workers()).hasSize(1); // a failed statement costs no process
    }
  }

  @Test
  void aProcessThatIsKilledOrCrashesEndsOneStatement() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      for (String signal : List.of("KILL", "SEGV", "ABRT")) {
        Running running = new Running(isolated, ENDLESS);
        signal(running.worker(), signal);
        WatershedException error = running.failure();
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error).hasMessageContaining("the process that ran the statement ended");
        assertThat(error.hint()).isNotBlank();
        assertWorks(isolated);
      }
    }
  }

  @Test
  void processesOfStatementsThatCameTogetherServeTheNextOnes() throws Exception {
    WorkerSettings keeping = WORKERS.withIdleTimeout(Duration.ofHours(1)).withMaxProcesses(3);
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, keeping)) {
      Set<Long> first = processesOf(isolated, 3);
      assertThat(first).hasSize(3);
      assertThat(processesOf(isolated, 3)).isEqualTo(first);
    }
  }

  @Test
  void processesThatHaveWaitedForLongEnd() throws Exception {
    WorkerSettings leaving = WORKERS.withIdleTimeout(Duration.ZERO).withMaxProcesses(3);
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, leaving)) {
      assertThat(processesOf(isolated, 3)).hasSize(3);
      long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (workers().size() > 1 && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertThat(workers()).hasSize(1);
      assertWorks(isolated);
    }
  }

  /** The processes that there are while so many statements run. */
  private static Set<Long> processesOf(QueryEngine engine, int statements) throws Exception {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    CountDownLatch rows = new CountDownLatch(statements);
    CountDownLatch seen = new CountDownLatch(1);
    for (int i = 0; i < statements; i++) {
      ends.add(
          CompletableFuture.runAsync(
              () ->
                  engine.execute(
                      SqlRequest.of("SELECT 1"),
                      new WaitingSink(rows, seen),
                      new StatementControl()),
              task -> new Thread(task).start()));
    }
    rows.await();
    Set<Long> pids = new TreeSet<>();
    workers().forEach(worker -> pids.add(worker.pid()));
    seen.countDown();
    for (CompletableFuture<Void> end : ends) {
      end.get();
    }
    return pids;
  }

  /** Holds its statement at its first row until all have come. */
  private record WaitingSink(CountDownLatch rows, CountDownLatch seen) implements ResultSink {
    @Override
    public void begin(List<ResultColumn> columns) {}

    @Override
    public void row(@Nullable Object[] values) {
      rows.countDown();
      try {
        seen.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void end(QueryOutcome outcome) {}
  }

  @Test
  void aProcessThatDiesWhileItWaitsIsReplaced() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      assertWorks(isolated);
      ProcessHandle idle = workers().get(0);
      signal(idle, "KILL");
      idle.onExit().get(10, TimeUnit.SECONDS);
      assertWorks(isolated);
    }
  }

  @Test
  void aStatementThatDoesNotEndInTimeIsEndedEvenIfItsProcessHangs() throws Exception {
    SqlSettings limited = SqlSettings.DEFAULTS.withTimeout(Duration.ofSeconds(2));
    try (QueryEngine isolated = water.isolated(limited, WORKERS)) {
      assertLimit(failure(isolated, ENDLESS), "longer than 2 s");
      assertLimit(hanging(isolated).failure(), "longer than 2 s");
    }
  }

  /** A statement whose process stands still; on a slow machine it may end before that. */
  private static Running hanging(QueryEngine engine) throws Exception {
    for (int attempt = 0; attempt < 10; attempt++) {
      Running running = new Running(engine, ENDLESS);
      if (running.isSeen()) {
        signal(running.worker(), "STOP");
        return running;
      }
    }
    throw new AssertionError("each statement ended before it was seen to run");
  }

  @Test
  void aCancelledStatementEndsEvenIfItsProcessHangs() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      Running obeying = new Running(isolated, ENDLESS);
      ProcessHandle worker = obeying.worker();
      obeying.control.cancel();
      assertThat(obeying.failure().code()).isEqualTo(ErrorCode.CANCELLED);
      assertWorks(isolated);
      assertThat(workers()).containsExactly(worker);

      Running hanging = new Running(isolated, ENDLESS);
      signal(hanging.worker(), "STOP");
      hanging.control.cancel();
      assertThat(hanging.failure().code()).isEqualTo(ErrorCode.CANCELLED);
      assertWorks(isolated);
    }
  }

  @Test
  void anInterruptEndsAStatement() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      Running running = new Running(isolated, ENDLESS);
      running.worker();
      running.thread.interrupt();
      assertThat(running.failure().code()).isEqualTo(ErrorCode.CANCELLED);
      assertWorks(isolated);
    }
  }

  @Test
  void aProcessThatTakesTooMuchMemoryIsEnded() {
    // The engine may have a GiB, the process as a whole only 60 MiB beyond its heap.
    WorkerSettings tight =
        WORKERS.withOverheadBytes((60L << 20) - SqlSettings.DEFAULTS.memoryBytes());
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, tight)) {
      assertLimit(
          failure(
              isolated, "SELECT max(x) FROM (SELECT list(i::VARCHAR) x FROM range(20000000) t(i))"),
          "took more memory than");
      assertWorks(isolated);
    }
  }

  @Test
  void aRowThatIsTooLargeEndsItsStatement() {
    try (QueryEngine isolated =
        water.isolated(SqlSettings.DEFAULTS, WORKERS.withMaxRowBytes(64 << 10))) {
      assertLimit(failure(isolated, "SELECT 'x', repeat('y', 70000)"), "larger than 64 KiB");
      assertThat(
              Water.ask(isolated, SqlRequest.of("SELECT repeat('y', 60000) FROM range(20)")).rows)
          .hasSize(20);
    }
  }

  @Test
  void aValueThatFillsTheProcessEndsItsStatement() {
    try (QueryEngine isolated =
        water.isolated(SqlSettings.DEFAULTS, WORKERS.withHeapBytes(40L << 20))) {
      assertLimit(
          failure(isolated, "SELECT string_agg(repeat('x', 1000000), '') FROM range(100)"),
          "does not fit");
      assertWorks(isolated);
    }
  }

  @Test
  void theBoundsOnRowsAndMemoryHold() {
    SqlSettings bounds = Bounds.of(100, 40L << 20, 1 << 20);
    try (QueryEngine isolated = water.isolated(bounds, WORKERS)) {
      assertLimit(failure(isolated, "SELECT * FROM range(101)"), "more than 100 rows");
      assertLimit(failure(isolated, Bounds.MEMORY_EATER), "memory");
      assertWorks(isolated);
    }
  }

  @Test
  void aSinkThatFailsEndsItsStatementAndNoOther() {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      Answer full =
          new Answer() {
            @Override
            public void row(@Nullable Object[] values) {
              throw new IllegalStateException("the disk is full");
            }
          };
      assertThat(
              catchThrowable(
                  () -> isolated.execute(SqlRequest.of("SELECT * FROM range(9000000)"), full)))
          .hasMessage("the disk is full");
      assertWorks(isolated);
    }
  }

  @Test
  void closingTheEngineEndsWhatRuns() throws Exception {
    QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WorkerSettings.DEFAULTS);
    Running running = new Running(isolated, ENDLESS);
    running.worker();
    isolated.close();
    assertThat(running.failure().code()).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void aProcessHasNoneOfTheParentsEnvironmentAndGoesFirstWhenMemoryEnds() throws Exception {
    try (QueryEngine isolated = water.isolated(SqlSettings.DEFAULTS, WORKERS)) {
      assertWorks(isolated);
      Path process = Path.of("/proc", Long.toString(workers().get(0).pid()));
      String environment = Files.readString(process.resolve("environ"), StandardCharsets.UTF_8);
      assertThat(Arrays.stream(environment.split("\0")).map(entry -> entry.split("=")[0]))
          .isSubsetOf("LANG", "LC_ALL", "LC_CTYPE", "");
      assertThat(Files.readString(process.resolve("oom_score_adj")).strip()).isEqualTo("1000");
    }
  }

  private static void assertWorks(QueryEngine engine) {
    assertThat(Water.ask(engine, SqlRequest.of("SELECT count(*) FROM orders")).single())
        .isEqualTo(41L);
  }

  private static void assertLimit(WatershedException error, String words) {
    assertThat(error.code()).as(error.getMessage()).isEqualTo(ErrorCode.LIMIT);
    assertThat(error).hasMessageContaining(words);
    assertThat(error.hint()).isNotBlank();
  }

  private static WatershedException failure(QueryEngine engine, String sql) {
    return (WatershedException)
        catchThrowable(() -> engine.execute(SqlRequest.of(sql), new Answer()));
  }

  private static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }

  /** A statement on a thread of its own. */
  private static final class Running {
    final StatementControl control = new StatementControl();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    final Thread thread;

    Running(QueryEngine engine, String sql) {
      thread =
          new Thread(
              () ->
                  failure.complete(
                      catchThrowable(
                          () -> engine.execute(SqlRequest.of(sql), new Answer(), control))));
      thread.start();
    }

    /** Waits until its process runs it; false if it ended first. */
    boolean isSeen() throws Exception {
      // Its progress is known only while the child runs the statement.
      while (!(control.step() == Step.RUN && control.isMeasured()) && !failure.isDone()) {
        Thread.sleep(5);
      }
      return !failure.isDone();
    }

    /** The process that runs it, once it does. */
    ProcessHandle worker() throws Exception {
      assertThat(isSeen()).isTrue();
      return workers().stream()
          .max(java.util.Comparator.comparing(p -> p.info().totalCpuDuration().orElseThrow()))
          .orElseThrow();
    }

    WatershedException failure() throws Exception {
      return (WatershedException) failure.get(30, TimeUnit.SECONDS);
    }
  }
}
