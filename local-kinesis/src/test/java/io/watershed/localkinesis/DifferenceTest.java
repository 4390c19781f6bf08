package io.watershed.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void theDocumentationHasTheTable() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "local-kinesis.md"));
    assertThat(page).contains(Difference.table());
  }
}
