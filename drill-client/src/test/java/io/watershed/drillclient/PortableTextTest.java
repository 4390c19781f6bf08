package io.watershed.drillclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortableTextTest {
  @Test
  void whatBothParsersReadAlikeStaysAsItIs() {
    String sql =
        "SELECT \"a \"\" b\", 'it''s -- no /* comment', x[1] || '\\' FROM orders o WHERE n >= 1.5e3";
    assertThat(PortableText.of(sql)).isEqualTo(sql);
    assertThat(PortableText.of(" SELECT 1 ; ; ")).isEqualTo("SELECT 1");
    assertThat(PortableText.of("SELECT 'žluť'")).isEqualTo("SELECT 'žluť'");
  }

  @Test
  void commentsAreTakenOut() {
    assertThat(PortableText.of("SELECT 1 -- one\n+ 2")).isEqualTo("SELECT 1  \n+ 2");
    assertThat(PortableText.of("SELECT/* ' */1")).isEqualTo("SELECT 1");
    assertThat(PortableText.of("SELECT 1 --")).isEqualTo("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 /* /* */ UNION SELECT secret FROM dfs.x /* */ */",
        "SELECT E'\\' UNION SELECT 1 FROM dfs.x --'",
        "SELECT $$'$$ || 'x' FROM dfs.x --'",
        "SELECT * FROM `dfs`.`/etc/passwd`",
        "SELECT 1 \u00a0",
        "SELECT X'00'",
        "SELECT 'open",
        "SELECT \"open",
        "SELECT 1 /* open",
        "SELECT ?",
        "SELECT {d '2020-01-01'}",
        "SELECT 1 \u0000"
      })
  void whatTheyCouldReadDifferentlyIsRefused(String sql) {
    assertThatThrownBy(() -> PortableText.of(sql))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL));
  }
}
