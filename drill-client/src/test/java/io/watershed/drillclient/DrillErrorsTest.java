package io.watershed.drillclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Messages as Drill 1.22 words them. */
class DrillErrorsTest {
  @Test
  void anErrorOfOurPluginKeepsItsCodeAndItsHint() {
    WatershedException error =
        DrillErrors.ofStatement(
            new SQLException(
                "DATA_READ ERROR: The stream trimmed records of shardId-1\n\nCode: gap\n"
                    + "Hint: Ask again.\nFragment: 0:0\n\n[Error Id: 1 on 127.0.0.1:31010]"));

    assertThat(error.code()).isEqualTo(ErrorCode.GAP);
    assertThat(error).hasMessage("The stream trimmed records of shardId-1");
    assertThat(error.hint()).isEqualTo("Ask again.");
  }

  @Test
  void anErrorOfDrillsOwnIsOneOfTheStatement() {
    WatershedException error =
        DrillErrors.ofStatement(
            new SQLException("VALIDATION ERROR: Column 'x' not found\n\n\n[Error Id: 1 ]"));

    assertThat(error.code()).isEqualTo(ErrorCode.SQL);
    assertThat(error).hasMessage("Drill: Column 'x' not found");
    assertThat(error.hint()).contains("docs/drill.md");
  }
}
