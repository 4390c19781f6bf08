package io.watershed.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementTimesTest {
  @Test
  void theArchiveMayTakeALittleLongerThanPlainDuckDb() {
    assertThat(archive(100, 114).reachesGoal()).isTrue();
    assertThat(archive(100, 116).reachesGoal()).isFalse();
  }

  @Test
  void theWholeViewIsAllowedItsLiveReadOnTop() {
    assertThat(view(100, 1_129, 1_000).reachesGoal()).isTrue();
    assertThat(view(100, 1_131, 1_000).reachesGoal()).isFalse();
    assertThat(view(100, 131, 0).reachesGoal()).isFalse();
  }

  @Test
  void onlyTheLookupHasAnAbsoluteGoal() {
    List<BenchResult> lookup =
        new StatementTimes(900, 201, 900, 0, "").results(BenchStatement.LOOKUP);
    assertThat(lookup.get(lookup.size() - 1).reachesGoal()).isFalse();
    assertThat(new StatementTimes(900, 201, 900, 0, "").results("count")).hasSize(3);
  }

  private static BenchResult archive(double plain, double archive) {
    return new StatementTimes(plain, archive, 0, 0, "").results("count").get(0);
  }

  private static BenchResult view(double plain, double view, double cut) {
    return new StatementTimes(plain, 0, view, cut, "").results("count").get(1);
  }
}
