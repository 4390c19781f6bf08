package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementReport.StepTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementControlTest {
  /** Counts more pairs than any machine can in the time of a test. */
  private static final String ENDLESS =
      "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f"
          + " WHERE a.id + b.id + c.id + d.id + e.id + f.id < 0";

  @TempDir Path folder;

  @Test
  void aRunningStatementEndsWhenItIsCancelled() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 300);
      StatementControl control = new StatementControl();
      CompletableFuture<QueryOutcome> running =
          CompletableFuture.supplyAsync(
              () -> water.engine.execute(SqlRequest.of(ENDLESS), new Water.Answer(), control));
      while (control.step() != Step.RUN && !running.isDone()) {
        Thread.onSpinWait();
      }
      control.cancel();
      assertThatThrownBy(running::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(300L);
    }
  }

  @Test
  void aLiveReadThatDoesNotAnswerEndsWhenItIsCancelled() throws Exception {
    try (Water water = new Water(folder)) {
      CountDownLatch asked = new CountDownLatch(1);
      StreamSource silent = silent(asked);
      StatementControl control = new StatementControl();
      try (QueryEngine engine =
          QueryEngine.open(
              water.reservoir,
              StreamSources.of(Map.of("orders", silent)),
              SqlSettings.DEFAULTS,
              Water.LIVE,
              folder.resolve("cache"))) {
        CompletableFuture<QueryOutcome> running =
            CompletableFuture.supplyAsync(
                () ->
                    engine.execute(
                        SqlRequest.of("SELECT * FROM orders"), new Water.Answer(), control));
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        control.cancel();
        // Its own bound is 20 s.
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
            .hasMessageContaining("the statement was cancelled");
      }
    }
  }

  /** A stream whose answers never come. */
  private static StreamSource silent(CountDownLatch asked) {
    return (StreamSource)
        Proxy.newProxyInstance(
            StreamSource.class.getClassLoader(),
            new Class<?>[] {StreamSource.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == CompletableFuture.class) {
                asked.countDown();
                return new CompletableFuture<>();
              }
              return method.isDefault()
                  ? InvocationHandler.invokeDefault(proxy, method, arguments)
                  : null;
            });
  }

  @Test
  void aResultEndsWhenItIsCancelledBetweenItsRows() {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 10);
      StatementControl control = new StatementControl();
      AtomicInteger seen = new AtomicInteger();
      Water.Answer sink =
          new Water.Answer() {
            @Override
            public void row(@Nullable Object[] values) {
              seen.incrementAndGet();
              control.cancel();
            }
          };
      assertThatThrownBy(
              () -> water.engine.execute(SqlRequest.of("SELECT id FROM orders"), sink, control))
          .hasMessageContaining("cancelled");
      assertThat(seen).hasValue(1);
    }
  }

  @Test
  void rowsPassBeforeTheResultIsComplete() {
    try (Water water = new Water(folder)) {
      StatementControl control = new StatementControl();
      AtomicInteger seen = new AtomicInteger();
      Water.Answer sink =
          new Water.Answer() {
            @Override
            public void row(@Nullable Object[] values) {
              if (seen.incrementAndGet() == 10_000) {
                control.cancel();
              }
            }
          };
      // Whoever gathered these rows first would need terabytes.
      String endless = "SELECT a.range, b.range FROM range(1000000) a, range(1000000) b";
      assertThatThrownBy(() -> water.engine.execute(SqlRequest.of(endless), sink, control))
          .hasMessageContaining("cancelled");
      assertThat(seen).hasValue(10_000);
    }
  }

  @Test
  void aStatementThatWasCancelledBeforeItStartedReadsNothing() {
    try (Water water = new Water(folder, "orders")) {
      StatementControl control = new StatementControl();
      control.cancel();
      assertThatThrownBy(
              () ->
                  water.engine.execute(
                      SqlRequest.of("SELECT id FROM orders"), new Water.Answer(), control))
          .hasMessageContaining("cancelled");
      assertThat(control.step()).isEqualTo(Step.CHECK);
    }
  }

  @Test
  void theReportNamesStreamsAndSteps() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      water.putOrders("orders", 21, 25);
      StatementReport report = water.ask("SELECT sum(id) FROM orders").outcome.report();
      assertThat(report.streams())
          .singleElement()
          .satisfies(
              cost -> {
                assertThat(cost.stream()).isEqualTo("orders");
                assertThat(cost.files()).isPositive();
                assertThat(cost.bytesStored()).isPositive();
                assertThat(cost.liveRecords()).isEqualTo(5);
                assertThat(cost.liveBytes()).isGreaterThan(5 * 20);
              });
      assertThat(report.steps())
          .extracting(StepTime::step)
          .containsExactly(Step.CHECK, Step.CUT, Step.FILES, Step.RUN);
    }
  }

  @Test
  void callbacksRunOnceEvenWhenTheyComeLate() {
    StatementControl control = new StatementControl();
    AtomicInteger early = new AtomicInteger();
    AtomicInteger gone = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    control.onCancel(early::incrementAndGet);
    control.onCancel(gone::incrementAndGet).close();
    control.cancel();
    control.onCancel(late::incrementAndGet);
    assertThat(early).hasValue(1);
    assertThat(gone).hasValue(0);
    assertThat(late).hasValue(1);
  }
}
