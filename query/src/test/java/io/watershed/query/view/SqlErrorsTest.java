package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlErrorsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Conversion Error: Could not convert string 'secret' to INT32",
        "Conversion Error: Could not convert string 'O'secret' to INT32",
        "Conversion Error: Could not convert string 'a\nsecret' to INT32",
        "Invalid Input Error: Malformed JSON at byte 11 of input: unexpected end of data.  Input:"
            + " \"{\"secret\": \"",
      })
  void aValueNeverShowsWhateverItHolds(String message) {
    assertThat(SqlErrors.ofStatement(new SQLException(message)).getMessage())
        .doesNotContain("secret")
        .contains("'…'");
  }

  @Test
  void aLongValueIsTakenOutBeforeTheTextIsCut() {
    String message =
        "Conversion Error: Could not convert string '\"" + "secret".repeat(200) + "' to INT32";
    assertThat(SqlErrors.ofStatement(new SQLException(message)))
        .hasMessage("Could not convert string '…' to INT32");
  }
}
