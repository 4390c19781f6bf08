package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallLanesTest {
  private final CallLanes lanes = new CallLanes(2);
  private final List<CompletableFuture<String>> called = new ArrayList<>();

  private CompletableFuture<String> call() {
    return lanes.run(
        () -> {
          CompletableFuture<String> answer = new CompletableFuture<>();
          called.add(answer);
          return answer;
        });
  }

  @Test
  void noMoreAreUnderWayThanThereAreLanes() {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    CompletableFuture<String> third = call();
    CompletableFuture<String> fourth = call();
    assertThat(called).hasSize(2);
    called.get(1).complete("b");
    assertThat(second).isCompletedWithValue("b");
    assertThat(called).hasSize(3);
    called.get(0).completeExceptionally(new IllegalStateException("refused"));
    assertThat(first).isCompletedExceptionally();
    assertThat(called).hasSize(4);
    called.get(2).complete("c");
    called.get(3).complete("d");
    assertThat(third).isCompletedWithValue("c");
    assertThat(fourth).isCompletedWithValue("d");
    CompletableFuture<String> fifth = call();
    assertThat(called).hasSize(5);
    assertThat(fifth).isNotDone();
  }

  @Test
  void aCallThatThrowsLeavesItsLane() {
    for (int i = 0; i < 5; i++) {
      CompletableFuture<String> thrown =
          lanes.run(
              () -> {
                throw new IllegalStateException("closed");
              });
      assertThat(thrown).isCompletedExceptionally();
    }
  }
}
