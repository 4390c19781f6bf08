package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatementTimerTest {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong now = new AtomicLong();
  private final CountDownLatch out = new CountDownLatch(1);

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void theTimeOfTheReaderDoesNotCount() throws Exception {
    try (StatementTimer timer = timer()) {
      timer.pause();
      pass(Duration.ofHours(1));
      assertThat(ranOut()).isFalse();
      timer.resume();
      pass(Duration.ofMillis(9));
      assertThat(ranOut()).isFalse();
      pass(Duration.ofMillis(1));
      assertThat(out.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(timer.timedOut()).isTrue();
    }
  }

  @Test
  void aTimerThatIsClosedEndsNothing() throws Exception {
    StatementTimer timer = timer();
    timer.close();
    pass(Duration.ofHours(1));
    assertThat(ranOut()).isFalse();
    assertThat(timer.timedOut()).isFalse();
  }

  private StatementTimer timer() {
    return new StatementTimer(timers, now::get, Duration.ofMillis(10), out::countDown);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** After the timer has had time for several looks. */
  private boolean ranOut() throws Exception {
    return out.await(100, TimeUnit.MILLISECONDS);
  }
}
