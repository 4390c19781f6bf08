package io.watershed.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.ReplayedLog.Delivery;
import io.watershed.consumer.ReplayedLog.Put;
import io.watershed.consumer.ReplayedLogConsumer.Crash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * PROTOCOL 7.5 over interleavings: a consumer gets what is live in order, merged in every way with
 * replays of parts of the log (each in order of first appearances, with duplicates), and crashes
 * anywhere. Small logs are tried in all ways, large ones at random.
 */
class ConvergenceTest {
  private final ReplayedLog log =
      new ReplayedLog(
          List.of(
              new Put("k", "1"),
              new Put("k", "2"),
              new Put("j", "1"),
              new Put("k", null),
              new Put("j", "2")));
  private final Map<String, String> inOrder = log.stateInOrder(5);

  @Test
  void everyInterleavingWithAPlainReplayAndItsDuplicatesEndsInTheSameState() {
    long merges = converges(inOrder, log.live(0, 5), log.replay(0, 1, 0, 2, 3, 1, 4));

    assertThat(merges).isEqualTo(792); // 12 over 5
  }

  @Test
  void soDoesEveryOneWithSeveralReplaysOfDifferentKinds() {
    long merges =
        converges(
            inOrder,
            log.live(0, 5),
            log.compacted(0, 4),
            log.filtered(0, 5, "j"),
            log.replayOfReplay(1, 3));

    assertThat(merges).isEqualTo(41_580); // 11! / (5! 2! 2! 2!)
  }

  @Test
  void aConsumerThatStartedLateGetsTheRestFromTheReplay() {
    converges(inOrder, log.live(3, 5), log.replay(0, 1, 2, 3));
    converges(inOrder, log.live(3, 5), log.compacted(0, 4));
    converges(inOrder, log.live(3, 5), log.replayOfReplay(0, 1, 2, 3));
  }

  @Test
  void anOverwriteWinsOverWhatWasBeforeItsFenceAndLosesToWhatCameAfter() {
    List<Delivery> overwrite = log.overwrite(3, "-fixed", 0, 2, 0, 2);

    assertThat(log.stateInOrder(3)).isEqualTo(Map.of("k", "1-fixed", "j", "1-fixed"));
    converges(log.stateInOrder(5), log.live(0, 5), overwrite, log.replay(0, 3));
    converges(log.stateInOrder(3), log.live(0, 3), overwrite, log.replay(0, 1, 2));
  }

  @Test
  void overwritesGoByTheirFencesAndThoseOfOneFenceByOrigin() {
    List<Delivery> later = log.overwrite(5, "-later", 1, 4);
    List<Delivery> earlier = log.overwrite(3, "-earlier", 1, 2);
    List<Delivery> sameFence = log.overwrite(3, "-same", 0);

    assertThat(log.stateInOrder(5)).isEqualTo(Map.of("k", "2-later", "j", "2-later"));
    converges(log.stateInOrder(5), log.live(2, 5), later, earlier, sameFence);
    converges(log.stateInOrder(4), log.live(2, 4), earlier, sameFence);
  }

  @Test
  void aCrashAnywhereInAnyInterleavingChangesNothingAndAppliesNothingTwice() {
    List<List<Delivery>> sides =
        List.of(log.live(0, 5), log.compacted(0, 4), log.overwrite(3, "-fixed", 0, 2));
    Map<String, String> expected = log.stateInOrder(5);

    Interleavings.all(
        sides,
        merged -> {
          for (int at = 0; at < merged.size(); at++) {
            for (int back = 0; back <= at; back += 3) {
              for (Crash crash : Crash.values()) {
                assertCrash(merged, at, back, crash, expected);
              }
            }
          }
        });
  }

  private static void assertCrash(
      List<Delivery> merged, int at, int back, Crash crash, Map<String, String> expected) {
    ReplayedLogConsumer consumer = new ReplayedLogConsumer().crashAt(merged, at, back, crash);
    // As plain conditions: this runs a million times.
    if (!consumer.state.equals(expected)) {
      assertThat(consumer.state).as(crash + " at " + at + " of " + merged).isEqualTo(expected);
    }
    int most = crash == Crash.BETWEEN ? 2 : 1;
    if (consumer.mostTimesApplied() > most) {
      assertThat(consumer.timesApplied).as(crash + " at " + at).isEmpty();
    }
  }

  @Test
  void aCrashBetweenStateAndVersionAppliesOneRecordTwice() {
    List<Delivery> live = log.live(0, 5);

    assertThat(new ReplayedLogConsumer().crashAt(live, 2, 2, Crash.BETWEEN).timesApplied.values())
        .containsExactlyInAnyOrder(1, 1, 1, 1, 2);
  }

  @Test
  void withoutTheRuleSomeInterleavingsEndInAnotherState() {
    AtomicInteger diverged = new AtomicInteger();
    Interleavings.all(
        List.of(log.live(0, 5), log.replay(0, 1, 2, 3)),
        merged -> {
          Map<String, String> state = new TreeMap<>();
          merged.forEach(delivery -> ReplayedLog.apply(state, delivery.put()));
          diverged.addAndGet(state.equals(inOrder) ? 0 : 1);
        });

    assertThat(diverged.get()).isPositive();
  }

  @Test
  void manyRandomInterleavingsOfManyReplaysWithCrashesEndInTheSameState() {
    Random random = new Random(11);
    for (int round = 0; round < 400; round++) {
      ReplayedLog large = ReplayedLog.random(random, 60);
      int fence = 1 + random.nextInt(60);
      List<List<Delivery>> sides = new ArrayList<>(List.of(large.live(0, 60)));
      for (int i = random.nextInt(4); i >= 0; i--) {
        sides.add(randomReplay(random, large, fence));
      }
      List<Delivery> merged = Interleavings.random(random, sides);
      Crash crash = Crash.values()[random.nextInt(3)];
      int at = random.nextInt(merged.size());
      assertCrash(merged, at, random.nextInt(at + 1), crash, large.stateInOrder(60));
    }
  }

  private static List<Delivery> randomReplay(Random random, ReplayedLog log, int fence) {
    int from = random.nextInt(log.size());
    int to = from + random.nextInt(log.size() - from);
    int[] indexes = ReplayedLog.withStepsBack(random, from, to);
    return switch (random.nextInt(5)) {
      case 0 -> log.compacted(from, to);
      case 1 -> log.filtered(from, to, "k1 k3");
      case 2 -> log.replayOfReplay(indexes);
      case 3 -> log.overwrite(fence, "-fixed", indexes);
      default -> log.replay(indexes);
    };
  }

  /** Every merge gives this state, and applies nothing twice. */
  @SafeVarargs
  private static long converges(Map<String, String> expected, List<Delivery>... sides) {
    return Interleavings.all(
        List.of(sides),
        merged -> {
          ReplayedLogConsumer consumer = new ReplayedLogConsumer().readAll(merged);
          if (!consumer.state.equals(expected) || consumer.mostTimesApplied() > 1) {
            assertThat(consumer.state).as(merged.toString()).isEqualTo(expected);
            assertThat(consumer.timesApplied.values()).as(merged.toString()).containsOnly(1);
          }
        });
  }
}
