package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.gate.Escape;
import io.watershed.query.gate.Traces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of escapes against the engine as users meet it. */
class EscapesTest {
  @TempDir Path folder;

  @Test
  void everyEscapeIsRefusedClearlyAndLeavesNoTrace() throws Exception {
    List<Escape> escapes = Escape.all();
    assertThat(escapes).hasSizeGreaterThan(200);
    try (Water water = new Water(folder.resolve("water"), "orders");
        Traces traces = new Traces(folder.resolve("outside"))) {
      water.putOrders("orders", 1, 20);
      water.archive("orders");
      water.putOrders("orders", 21, 30);
      for (Escape escape : escapes) {
        String sql = escape.sql(traces.dir(), traces.parquet(), traces.url());
        Water.Answer answer = new Water.Answer();
        Throwable thrown =
            catchThrowable(
                () -> water.engine.execute(SqlRequest.of(sql).with(LiveMode.OFF), answer));
        assertThat(thrown).as(sql).isInstanceOf(WatershedException.class);
        assertRefusal(sql, (WatershedException) thrown);
        assertThat(answer.rows).as(sql).isEmpty();
        traces.assertNone(sql);
        assertNothingLeft(sql);
      }
      assertThat(water.ask("SELECT count(*) FROM orders").single()).isEqualTo(30L);
    }
  }

  private static void assertRefusal(String sql, WatershedException refusal) {
    assertThat(refusal.code()).as(sql).isEqualTo(ErrorCode.SQL);
    assertThat(refusal.hint()).as(sql).isNotBlank();
    assertThat(refusal.getMessage())
        .as(sql)
        .isNotBlank()
        .hasSizeLessThan(400)
        .doesNotContain("Error:", "LINE 1", "Exception", "serialize to json", "\n");
  }

  private void assertNothingLeft(String after) throws Exception {
    Path temporary = folder.resolve("water/cache/tmp");
    if (Files.exists(temporary)) {
      try (Stream<Path> left = Files.list(temporary)) {
        assertThat(left).as(after).isEmpty();
      }
    }
  }
}
