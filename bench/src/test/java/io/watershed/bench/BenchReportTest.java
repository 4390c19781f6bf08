package io.watershed.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.bench.BenchResult.Better;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  private static final BenchResult FAST =
      new BenchResult(
          "reads",
          120,
          "MB/s",
          Better.HIGHER,
          OptionalDouble.of(240),
          "stub",
          OptionalDouble.of(100));
  private static final BenchResult SLOW =
      new BenchResult(
          "commit", 12, "ms", Better.LOWER, OptionalDouble.empty(), "", OptionalDouble.of(10));
  private static final BenchResult FREE =
      new BenchResult(
          "size", 3, "MB", Better.LOWER, OptionalDouble.empty(), "", OptionalDouble.empty());

  @Test
  void onlyFiguresOnTheWrongSideOfTheirGoalMissIt() {
    assertThat(new BenchReport("b", List.of(FAST, SLOW, FREE), List.of()).missedGoals())
        .containsExactly(SLOW);
  }

  @Test
  void theTableShowsFigureReferenceRatioAndVerdict() {
    String text = new BenchReport("b", List.of(FAST, SLOW), List.of("a note")).text();
    assertThat(text.lines().filter(line -> line.startsWith("reads")))
        .singleElement()
        .asString()
        .containsPattern("120\\.0 +MB/s +240\\.0 +0\\.50 +100\\.0 +ok");
    assertThat(text.lines().filter(line -> line.startsWith("commit")))
        .singleElement()
        .asString()
        .endsWith("MISSED");
    assertThat(text).contains("machine: ", "note: a note");
  }

  @Test
  void theJsonIsOneLineWithNullForWhatIsAbsent() throws Exception {
    String json = new BenchReport("b", List.of(FAST, FREE), List.of()).json();
    assertThat(json).doesNotContain("\n");
    JsonNode root = new ObjectMapper().readTree(json);
    assertThat(root.get("ok").booleanValue()).isTrue();
    assertThat(root.get("results").get(0).get("ratio").doubleValue()).isEqualTo(0.5);
    assertThat(root.get("results").get(1).get("goal").isNull()).isTrue();
  }
}
