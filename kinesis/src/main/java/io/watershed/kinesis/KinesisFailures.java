package io.watershed.kinesis;

import io.watershed.aws.AwsFailure;
import io.watershed.aws.AwsPlace;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamFailure.Kind;

/**
 * Sorts what the SDK throws into {@link StreamFailure}s, each with the error that a person sees
 * when nobody tries again. Error codes:
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html and its siblings.
 */
final class KinesisFailures {
  private final AwsPlace place;

  KinesisFailures(AwsPlace place) {
    this.place = place;
  }

  /** Where requests go. */
  AwsPlace place() {
    return place;
  }

  /**
   * @param subject what the request was about, such as {@code stream 'orders'}
   */
  StreamFailure of(Throwable thrown, String subject, KinesisCall call) {
    AwsFailure failure = AwsFailure.of(thrown, place);
    return switch (failure.serviceCode()) {
      case "ExpiredIteratorException" ->
          failure(Kind.ITERATOR_EXPIRED, ErrorCode.POSITION_LOST, failure, subject, call);
      case "ResourceNotFoundException" ->
          new StreamFailure(
              Kind.NOT_FOUND,
              subject + " does not exist in " + place.text(),
              new WatershedException(
                  ErrorCode.STREAM_NOT_FOUND,
                  capital(subject) + " does not exist in " + place.text(),
                  "Check the name, the region and the account.",
                  failure.cause()));
      case "InvalidArgumentException", "ValidationException" ->
          call.hasPosition()
              ? failure(Kind.POSITION_REFUSED, ErrorCode.POSITION_LOST, failure, subject, call)
              : failure(Kind.PERMANENT, ErrorCode.REFUSED, failure, subject, call);
      case "KMSThrottlingException" ->
          failure(Kind.THROTTLED, ErrorCode.LIMIT, failure, subject, call);
      case "LimitExceededException" ->
          call == KinesisCall.CREATE || call == KinesisCall.DELETE
              ? failure(Kind.PERMANENT, ErrorCode.LIMIT, failure, subject, call)
              : failure(Kind.THROTTLED, ErrorCode.LIMIT, failure, subject, call);
      case "ResourceInUseException" -> inUse(failure, subject, call);
      case "ExpiredNextTokenException" ->
          failure(Kind.TRANSIENT, ErrorCode.UNREACHABLE, failure, subject, call);
      default -> ofKind(failure, subject, call);
    };
  }

  private StreamFailure inUse(AwsFailure failure, String subject, KinesisCall call) {
    if (call != KinesisCall.CREATE) {
      return failure(Kind.TRANSIENT, ErrorCode.REFUSED, failure, subject, call);
    }
    return new StreamFailure(
        Kind.PERMANENT,
        subject + " exists already",
        new WatershedException(
            ErrorCode.REFUSED,
            capital(subject) + " exists already in " + place.text(),
            "Use it, or choose another name.",
            failure.cause()));
  }

  private StreamFailure ofKind(AwsFailure failure, String subject, KinesisCall call) {
    ErrorCode code = failure.toError().code();
    return switch (failure.kind()) {
      case THROTTLED -> failure(Kind.THROTTLED, code, failure, subject, call);
      case TRANSIENT, UNREACHABLE -> failure(Kind.TRANSIENT, code, failure, subject, call);
      case CREDENTIALS, REFUSED -> failure(Kind.PERMANENT, code, failure, subject, call);
      case ACCESS_DENIED -> denied(failure, subject, call);
    };
  }

  private StreamFailure denied(AwsFailure failure, String subject, KinesisCall call) {
    if (failure.detail().contains("sts:")) {
      // The role could not be assumed: the request itself was never judged.
      return failure(Kind.PERMANENT, ErrorCode.ACCESS_DENIED, failure, subject, call);
    }
    boolean key = failure.serviceCode().startsWith("KMS");
    String action = key ? "the stream's KMS key" : call.action();
    String message = capital(subject) + ": " + place.text() + " denies " + action;
    String hint =
        key
            ? "Allow kms:Decrypt (to read) or kms:GenerateDataKey (to write) on the stream's key."
            : "Allow " + call.action() + " on the stream's ARN for the user or role in IAM.";
    return new StreamFailure(
        Kind.PERMANENT,
        message,
        new WatershedException(ErrorCode.ACCESS_DENIED, message, hint, failure.cause()));
  }

  private static StreamFailure failure(
      Kind kind, ErrorCode code, AwsFailure failure, String subject, KinesisCall call) {
    String message = capital(subject) + " (" + call.action() + "): " + failure.detail();
    return new StreamFailure(
        kind, message, new WatershedException(code, message, failure.hint(), failure.cause()));
  }

  private static String capital(String subject) {
    return Character.toUpperCase(subject.charAt(0)) + subject.substring(1);
  }
}
