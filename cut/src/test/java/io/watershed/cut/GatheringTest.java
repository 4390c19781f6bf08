package io.watershed.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private final Gathering<String> gathering = new Gathering<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private String round(int members) {
    int number = rounds.incrementAndGet();
    if (number == 1) {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return "round " + number + " of " + members;
  }

  private CompletableFuture<String> join() {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(gathering.join(this::round));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private void awaitMembers(int members) {
    while (gathering.gathered() < members) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoeverComesWhileARoundIsUnderWayGetsTheNextOne() throws Exception {
    CompletableFuture<String> first = join();
    begun.await();
    List<CompletableFuture<String>> others = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      others.add(join());
      awaitMembers(i);
    }
    assertThat(first).isNotDone();
    release.countDown();
    assertThat(first.get()).isEqualTo("round 1 of 1");
    for (CompletableFuture<String> other : others) {
      assertThat(other.get()).isEqualTo("round 2 of 5");
    }
    assertThat(gathering.join(this::round)).isEqualTo("round 3 of 1");
  }

  @Test
  void anErrorIsEverybodysOfItsRoundAndNobodyElses() throws Exception {
    CompletableFuture<String> first = join();
    begun.await();
    CompletableFuture<String> failing = new CompletableFuture<>();
    Thread leader =
        new Thread(
            () -> {
              try {
                failing.complete(
                    gathering.join(
                        members -> {
                          throw new WatershedException(ErrorCode.LIMIT, "too much", "");
                        }));
              } catch (RuntimeException e) {
                failing.completeExceptionally(e);
              }
            });
    leader.start();
    awaitMembers(1);
    CompletableFuture<String> with = join();
    awaitMembers(2);
    release.countDown();
    assertThat(first.get()).isEqualTo("round 1 of 1");
    assertThatThrownBy(failing::get).hasMessageContaining("too much");
    assertThatThrownBy(with::get).hasMessageContaining("too much");
    assertThat(gathering.join(this::round)).isEqualTo("round 2 of 1");
  }
}
