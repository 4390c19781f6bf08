package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.query.Water.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveOffTest {
  @Test
  void aStatementWithoutLiveSideOpensNoSource(@TempDir Path folder) throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 10);
      water.archive("orders");
      StreamSources closed =
          stream -> {
            throw new AssertionError("the source of '" + stream + "' was opened");
          };
      try (QueryEngine engine =
          QueryEngine.open(
              water.reservoir,
              closed,
              SqlSettings.DEFAULTS,
              Water.LIVE,
              folder.resolve("other-cache"))) {
        Answer answer = new Answer();

        engine.execute(SqlRequest.of("SELECT count(*) FROM orders").with(LiveMode.OFF), answer);

        assertThat(answer.single()).isEqualTo(10L);
      }
    }
  }
}
