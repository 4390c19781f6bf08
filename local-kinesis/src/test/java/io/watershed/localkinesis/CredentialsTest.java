package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

class CredentialsTest {
  @Test
  void agreedAccessKeysAreRefusedInBothFormats() {
    Map<String, String> refused =
        Map.of(
            LocalKinesis.EXPIRED_ACCESS_KEY, "ExpiredTokenException",
            LocalKinesis.UNKNOWN_ACCESS_KEY, "UnrecognizedClientException",
            LocalKinesis.DENIED_ACCESS_KEY, "AccessDeniedException");
    try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS)) {
      refused.forEach(
          (key, type) -> {
            for (WireFormat format : WireFormat.values()) {
              try (KinesisAsyncClient client = TestClients.to(kinesis.endpoint(), format, key)) {
                assertThatThrownBy(() -> get(client.listStreams()))
                    .isInstanceOfSatisfying(
                        KinesisException.class,
                        e -> {
                          assertThat(e.awsErrorDetails().errorCode()).isEqualTo(type);
                          assertThat(e.awsErrorDetails().errorMessage()).isNotEmpty();
                          assertThat(e.statusCode()).isEqualTo(400);
                        });
              }
            }
          });
    }
  }
}
