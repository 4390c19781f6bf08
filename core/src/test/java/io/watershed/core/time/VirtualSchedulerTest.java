package io.watershed.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VirtualSchedulerTest {
  private final VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
  private final List<String> ran = new ArrayList<>();

  @Test
  void timersRunInTheOrderOfTheirTimeAndThenOfTheirScheduling() {
    scheduler.schedule(Duration.ofSeconds(2), () -> ran.add("c"));
    scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("a"));
    scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("b"));
    scheduler.schedule(Duration.ofSeconds(-5), () -> ran.add("now"));
    assertThat(ran).as("never inside the call").isEmpty();
    scheduler.advance(Duration.ofMillis(1_500));
    assertThat(ran).containsExactly("now", "a", "b");
    assertThat(scheduler.instant()).isEqualTo(Instant.ofEpochMilli(1_500));
    assertThat(scheduler.runNext()).isTrue();
    assertThat(scheduler.instant()).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(scheduler.runNext()).isFalse();
  }

  @Test
  void somethingThatPollsForEverIsFound() {
    poll();
    assertThatThrownBy(() -> scheduler.runUntil(() -> false, 100))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theRealOneRunsTimersAndForgetsThemWhenClosed() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2);
    try (RealScheduler real = new RealScheduler("test-timers")) {
      real.schedule(
          Duration.ofMillis(1),
          () -> {
            done.countDown();
            throw new IllegalStateException("one bad task");
          });
      real.schedule(Duration.ofMillis(5), done::countDown);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      real.close();
      real.schedule(Duration.ZERO, done::countDown); // nobody waits: no error
    }
  }

  private void poll() {
    scheduler.schedule(Duration.ofSeconds(1), this::poll);
  }
}
