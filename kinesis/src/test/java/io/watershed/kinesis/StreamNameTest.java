package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamNameTest {
  @Test
  void anArnGivesNameAndRegion() {
    StreamName name = StreamName.parse("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/or.ders");
    assertThat(name.name()).isEqualTo("or.ders");
    assertThat(name.arnRegion()).contains("cn-north-1");
    assertThat(name.checkRegion("cn-north-1")).isEqualTo(name);
    assertThatThrownBy(() -> name.checkRegion("us-east-1")).isInstanceOf(WatershedException.class);
    assertThat(StreamName.parse("orders").checkRegion("anywhere").arn()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "stream/orders", "arn:aws:s3:::bucket", "ordérs"})
  void whatIsNeitherNameNorArnIsRefused(String text) {
    assertThatThrownBy(() -> StreamName.parse(text)).isInstanceOf(WatershedException.class);
  }

  @Test
  void theNearestNamesComeFirst() {
    assertThat(NearestNames.of("order", List.of("clicks", "orders-v2", "Orders", "old"), 2))
        .containsExactly("Orders", "old");
    assertThat(NearestNames.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestNames.distance("", "abc")).isEqualTo(3);
  }
}
