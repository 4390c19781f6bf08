package io.watershed.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.aws.AwsFailure.Kind;
import io.watershed.core.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsFailureTest {
  private static final AwsPlace PLACE =
      new AwsPlace("S3", "eu-central-1", Optional.empty(), Optional.of("work"));

  @ParameterizedTest
  @CsvSource({
    "ExpiredTokenException, 400, CREDENTIALS, CREDENTIALS",
    "ExpiredToken, 400, CREDENTIALS, CREDENTIALS",
    "UnrecognizedClientException, 400, CREDENTIALS, CREDENTIALS",
    "SignatureDoesNotMatch, 403, CREDENTIALS, CREDENTIALS",
    "RequestTimeTooSkewed, 403, CREDENTIALS, CREDENTIALS",
    "AccessDenied, 403, ACCESS_DENIED, ACCESS_DENIED",
    "AccessDeniedException, 400, ACCESS_DENIED, ACCESS_DENIED",
    "ThrottlingException, 400, THROTTLED, LIMIT",
    "SlowDown, 503, THROTTLED, LIMIT",
    "ProvisionedThroughputExceededException, 400, THROTTLED, LIMIT",
    "InternalFailure, 500, TRANSIENT, UNREACHABLE",
    "ServiceUnavailable, 503, TRANSIENT, UNREACHABLE",
    "RequestTimeout, 400, TRANSIENT, UNREACHABLE",
    "ValidationException, 400, REFUSED, REFUSED",
    "PreconditionFailed, 412, REFUSED, REFUSED"
  })
  void answersAreSortedByTheirCodeAndStatus(String code, int status, Kind kind, ErrorCode error) {
    AwsFailure failure = AwsFailure.of(new CompletionException(answer(code, status, "no")), PLACE);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.serviceCode()).isEqualTo(code);
    assertThat(failure.statusCode()).isEqualTo(status);
    assertThat(failure.toError().code()).isEqualTo(error);
    assertThat(failure.detail()).contains("S3 in eu-central-1");
    assertThat(failure.hint()).isNotEmpty();
  }

  @Test
  void aDeniedActionIsNamedWithItsResource() {
    AwsFailure failure =
        AwsFailure.of(
            answer(
                "AccessDenied",
                403,
                "User: arn:aws:iam::1:user/u is not authorized to perform: s3:PutObject on"
                    + " resource: arn:aws:s3:::bucket/x because no policy allows it"),
            PLACE);
    assertThat(failure.detail()).contains("s3:PutObject is not allowed");
    assertThat(failure.hint()).contains("Allow s3:PutObject on arn:aws:s3:::bucket/x");
  }

  @Test
  void expiredCredentialsSayHowToGetNewOnesForTheProfile() {
    assertThat(AwsFailure.of(answer("ExpiredToken", 400, ""), PLACE).hint())
        .contains("aws sso login --profile work");
    assertThat(AwsFailure.of(SdkClientException.create("Token is expired"), PLACE).toError().code())
        .isEqualTo(ErrorCode.CREDENTIALS);
  }

  @Test
  void callsWithoutAnAnswerAreSortedByTheirCause() {
    assertThat(kind(new ConnectException("refused"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new UnknownHostException("nowhere"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new SSLHandshakeException("plain text"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new IOException("connection reset"))).isEqualTo(Kind.TRANSIENT);
    assertThat(AwsFailure.of(ApiCallAttemptTimeoutException.create(1), PLACE).kind())
        .isEqualTo(Kind.TRANSIENT);
    assertThat(
            AwsFailure.of(
                    SdkClientException.create(
                        "Unable to load credentials from any of the providers in the chain"),
                    PLACE)
                .kind())
        .isEqualTo(Kind.CREDENTIALS);
  }

  @Test
  void whatMayPassLaterIsRetryable() {
    assertThat(Kind.values())
        .filteredOn(Kind::retryable)
        .containsExactly(Kind.THROTTLED, Kind.TRANSIENT, Kind.UNREACHABLE);
  }

  @Test
  void anEndpointIsShownWithoutWhatItsUrlMayHide() {
    AwsPlace place =
        new AwsPlace(
            "S3",
            "us-east-1",
            Optional.of(URI.create("http://user:secret@127.0.0.1:9000/path?token=x")),
            Optional.empty());
    assertThat(place.text()).isEqualTo("S3 at http://127.0.0.1:9000 (us-east-1)");
  }

  @Test
  void longAnswersAreCutShort() {
    AwsFailure failure = AwsFailure.of(answer("Odd", 400, "x".repeat(5_000)), PLACE);
    assertThat(failure.detail().length()).isLessThan(600);
  }

  private static Kind kind(Throwable cause) {
    return AwsFailure.of(
            new CompletionException(SdkClientException.create("Unable to execute", cause)), PLACE)
        .kind();
  }

  private static AwsServiceException answer(String code, int status, String message) {
    return AwsServiceException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("S3")
                .build())
        .build();
  }
}
