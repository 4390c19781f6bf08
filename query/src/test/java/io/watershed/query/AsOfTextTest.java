package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class AsOfTextTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static AsOf parse(String text) {
    return AsOfText.parse(text, InstantSource.fixed(NOW));
  }

  @Test
  void aReceiptAndATimeAreNeverConfused() {
    for (String receipt : List.of("3f2a90c417be", "20261123", "12345678d", "{\"version\":1}")) {
      assertThat(parse(receipt)).isEqualTo(AsOf.receipt(receipt));
    }
    assertThat(parse("2026-11-23T10:00:00+01:00"))
        .isEqualTo(AsOf.time(Instant.parse("2026-11-23T09:00:00Z")));
    assertThat(parse("2026-11-23")).isEqualTo(AsOf.time(Instant.parse("2026-11-23T00:00:00Z")));
    assertThat(parse("2h ago")).isEqualTo(AsOf.time(Instant.parse("2026-11-23T10:00:00Z")));
    assertThat(parse("365d")).isEqualTo(AsOf.time(Instant.parse("2025-11-23T12:00:00Z")));
  }

  @Test
  void whatIsNeitherIsRefused() {
    for (String text : List.of("3f2a", "yesterday", "3F2A90C417BE", "2026")) {
      assertThatThrownBy(() -> parse(text))
          .isInstanceOfSatisfying(
              WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    }
  }
}
