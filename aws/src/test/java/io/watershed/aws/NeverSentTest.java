package io.watershed.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.aws.AwsFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class NeverSentTest {
  private static final AwsPlace PLACE =
      new AwsPlace("S3", "us-east-1", Optional.empty(), Optional.empty());

  @Test
  void aRefusedConnectionSentNothing() {
    assertThat(sorted(new ConnectException("Connection refused")).neverSent()).isTrue();
  }

  @Test
  void aWaitInVainForAConnectionSentNothing() {
    AwsFailure failure =
        sorted(
            new IOException(
                new TimeoutException("Acquire operation took longer than 5000 milliseconds.")));
    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure.neverSent()).isTrue();
  }

  @Test
  void aLostAnswerMayHaveSentEverything() {
    AwsFailure failure = sorted(new IOException("Connection reset by peer"));
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure.neverSent()).isFalse();
  }

  private static AwsFailure sorted(Throwable cause) {
    return AwsFailure.of(SdkClientException.create("Unable to execute HTTP request", cause), PLACE);
  }
}
