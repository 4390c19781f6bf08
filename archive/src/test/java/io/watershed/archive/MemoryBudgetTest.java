package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What one stream may take, and what it must leave. */
final class MemoryBudgetTest {
  private static final long CAP = 1_000;

  @Test
  void aBusyStreamTakesWhatIsFreeButNotWhatOthersAreGuaranteed() {
    MemoryBudget budget = new MemoryBudget(1_000, 4);
    MemoryShare hot = budget.share(CAP);
    MemoryShare other = budget.share(CAP);
    budget.share(CAP);
    budget.share(CAP);
    int taken = 0;
    while (hot.reserve(25)) {
      taken += 25;
    }
    // Half is common; of the other half a quarter is its own.
    assertThat(taken).isEqualTo(500 + 125);
    assertThat(other.reserve(125)).isTrue();
  }

  @Test
  void whatIsFreedGoesToTheStreamThatHasLess() {
    MemoryBudget budget = new MemoryBudget(1_000, 2);
    MemoryShare hot = budget.share(CAP);
    MemoryShare late = budget.share(CAP);
    List<String> told = new ArrayList<>();
    hot.whenFreed(() -> told.add("hot"));
    late.whenFreed(() -> told.add("late"));
    assertThat(hot.reserve(750)).isTrue();
    assertThat(late.reserve(250)).isTrue();
    assertThat(hot.reserve(50)).isFalse();
    assertThat(late.reserve(50)).isFalse();

    hot.release(100);
    assertThat(told).containsExactly("late", "hot");
    assertThat(hot.reserve(50)).as("the other one has less and waits").isFalse();
    assertThat(late.reserve(50)).isTrue();
    assertThat(hot.reserve(50)).as("nobody with less waits").isTrue();
  }

  @Test
  void aStreamThatEndedLeavesEverything() {
    MemoryBudget budget = new MemoryBudget(1_000, 2);
    MemoryShare ended = budget.share(CAP);
    MemoryShare other = budget.share(CAP);
    ended.reserve(300);
    ended.buffered(400);
    assertThat(other.reserve(600)).isFalse();
    ended.close();
    assertThat(other.reserve(600)).isTrue();
    assertThat(ended.reserve(1)).isFalse();
    ended.release(300);
    assertThat(other.reserve(200)).as("still not more than there is").isFalse();
  }

  @Test
  void aCapHoldsWhateverIsFree() {
    MemoryShare share = new MemoryBudget(1_000, 1).share(200);
    assertThat(share.reserve(201)).isFalse();
    assertThat(share.reserve(200)).isTrue();
    assertThat(share.largestReservation()).isEqualTo(100);
  }

  /** Whatever the streams do, the total holds, and a stream with nothing in hand can read. */
  @Test
  void theTotalHoldsAndNobodyStarves() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int streams = 1 + random.nextInt(8);
      long total = 1_000 + random.nextInt(100_000);
      MemoryBudget budget = new MemoryBudget(total, streams);
      List<MemoryShare> shares = new ArrayList<>();
      List<List<Long>> reserved = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        shares.add(budget.share(total));
        reserved.add(new ArrayList<>());
      }
      for (int step = 0; step < 400; step++) {
        int i = random.nextInt(streams);
        MemoryShare share = shares.get(i);
        long bytes = 1 + random.nextInt((int) share.largestReservation());
        if (random.nextInt(3) > 0) {
          boolean idle = share.used() == 0;
          boolean granted = share.reserve(bytes);
          if (granted) {
            reserved.get(i).add(bytes);
          }
          assertThat(granted || !idle).as("seed " + seed).isTrue();
        } else if (!reserved.get(i).isEmpty()) {
          share.release(reserved.get(i).remove(0));
        }
        assertThat(shares.stream().mapToLong(MemoryShare::used).sum()).isLessThanOrEqualTo(total);
      }
    }
  }
}
