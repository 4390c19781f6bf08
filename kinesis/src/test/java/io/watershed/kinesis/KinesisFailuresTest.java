package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.aws.AwsPlace;
import io.watershed.core.error.ErrorCode;
import io.watershed.kinesis.StreamFailure.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

class KinesisFailuresTest {
  private final KinesisFailures failures =
      new KinesisFailures(
          new AwsPlace("Kinesis", "eu-central-1", Optional.empty(), Optional.empty()));

  @ParameterizedTest
  @CsvSource({
    "ExpiredIteratorException, READ, ITERATOR_EXPIRED, POSITION_LOST",
    "InvalidArgumentException, ITERATOR, POSITION_REFUSED, POSITION_LOST",
    "InvalidArgumentException, READ, POSITION_REFUSED, POSITION_LOST",
    "InvalidArgumentException, PUT, PERMANENT, REFUSED",
    "ResourceNotFoundException, DESCRIBE, NOT_FOUND, STREAM_NOT_FOUND",
    "ProvisionedThroughputExceededException, READ, THROTTLED, LIMIT",
    "KMSThrottlingException, READ, THROTTLED, LIMIT",
    "LimitExceededException, DESCRIBE, THROTTLED, LIMIT",
    "LimitExceededException, CREATE, PERMANENT, LIMIT",
    "ResourceInUseException, LIST_SHARDS, TRANSIENT, REFUSED",
    "ResourceInUseException, CREATE, PERMANENT, REFUSED",
    "ExpiredNextTokenException, LIST_SHARDS, TRANSIENT, UNREACHABLE",
    "ExpiredTokenException, READ, PERMANENT, CREDENTIALS",
    "AccessDeniedException, READ, PERMANENT, ACCESS_DENIED",
    "KMSDisabledException, READ, PERMANENT, REFUSED"
  })
  void everyAnswerHasAKindForTheCallerAndACodeForThePerson(
      String service, KinesisCall call, Kind kind, ErrorCode code) {
    StreamFailure failure = failures.of(answer(service, "no"), "stream 'orders'", call);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.toError().code()).isEqualTo(code);
    assertThat(failure.toError().getMessage()).contains("'orders'").contains("eu-central-1");
    assertThat(failure.toError().hint()).isNotEmpty();
  }

  @Test
  void aKeyThatIsDeniedNamesTheKeysPermissions() {
    StreamFailure failure =
        failures.of(answer("KMSAccessDeniedException", "no"), "stream 'o'", KinesisCall.READ);
    assertThat(failure.toError().code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    assertThat(failure.toError().hint()).contains("kms:Decrypt");
  }

  @Test
  void aRoleThatCannotBeAssumedIsNotBlamedOnTheStream() {
    StreamFailure failure =
        failures.of(
            answer(
                "AccessDenied",
                "User: u is not authorized to perform: sts:AssumeRole on resource: arn:role"),
            "stream 'o'",
            KinesisCall.READ);
    assertThat(failure.toError()).hasMessageContaining("sts:AssumeRole is not allowed");
    assertThat(failure.toError().hint()).contains("Allow sts:AssumeRole on arn:role");
  }

  private static AwsServiceException answer(String code, String message) {
    return AwsServiceException.builder()
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("Kinesis")
                .build())
        .build();
  }
}
