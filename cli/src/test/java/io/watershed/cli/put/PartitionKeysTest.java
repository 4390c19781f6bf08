package io.watershed.cli.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionKeysTest {
  private static final byte[] PAYLOAD =
      "{\"id\":7,\"customer\":{\"id\":\"c1\"},\"a.b\":\"dotted\",\"e\":\"\",\"o\":{},\"n\":null}"
          .getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "id,7",
    "customer.id,c1",
    "a.b,dotted",
    "{id}-{customer.id},7-c1",
    "order {id},order 7"
  })
  void aKeyIsAFieldOrATextWithFields(String expression, String key) {
    assertThat(PartitionKeys.of(expression).of(PAYLOAD, 1)).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({"missing", "customer.name", "o", "n", "e", "id.x"})
  void aRecordWithoutTheFieldIsNamedByItsNumber(String expression) {
    assertThatThrownBy(() -> PartitionKeys.of(expression).of(PAYLOAD, 42))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("Record 42");
  }

  @Test
  void withoutExpressionTheRecordsNumberSpreadsThem() {
    assertThat(PartitionKeys.ofNumber().of(new byte[] {1}, 3)).isEqualTo("3");
  }

  @Test
  void payloadsNeverReachAMessage() {
    assertThatThrownBy(() -> PartitionKeys.of("id").of("{secret".getBytes(), 1))
        .hasMessageNotContaining("secret");
  }
}
