package io.watershed.reservoir.store;

import io.watershed.aws.AwsFailure;
import io.watershed.aws.AwsFailure.Kind;
import io.watershed.aws.AwsPlace;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;

/**
 * A failed request to S3, sorted by what a store does about it.
 *
 * @param failure as every AWS service sorts it
 * @param what the request, for a sentence
 * @param root the reservoir
 */
record S3Failure(AwsFailure failure, String what, String root) {
  static S3Failure of(Throwable error, AwsPlace place, String verb, String key, String root) {
    return new S3Failure(
        AwsFailure.of(error, place), "Cannot " + verb + " '" + key + "' in " + root, root);
  }

  /** There is no such object; a bucket that is missing is another matter. */
  boolean isMissing() {
    return failure.statusCode() == 404 && !failure.serviceCode().equals("NoSuchBucket");
  }

  /** A conditional create found an object. */
  boolean nameIsTaken() {
    return failure.statusCode() == 412;
  }

  /** 409: another conditional request for this key is under way, and ours was not applied. */
  private boolean isConflict() {
    return failure.statusCode() == 409;
  }

  /** 501: the store does not know the condition, and never will. */
  private boolean isNotImplemented() {
    return failure.statusCode() == 501;
  }

  boolean retryable() {
    return (failure.kind().retryable() && !isNotImplemented()) || isConflict() || nameIsTaken();
  }

  /**
   * Whether the request may have been, or may still be, carried out. One whose connection was never
   * made was not sent, and a throttled one was turned away.
   */
  boolean mayHaveLanded() {
    return (failure.kind() == Kind.TRANSIENT && !isNotImplemented())
        || (failure.kind() == Kind.UNREACHABLE && !failure.neverSent());
  }

  WatershedException error() {
    int status = failure.statusCode();
    if (failure.serviceCode().equals("NoSuchBucket")) {
      return error(ErrorCode.STORE, "the bucket does not exist", "Create it, or name another.");
    }
    if (isNotImplemented()) {
      return error(
          ErrorCode.STORE_NOT_CONDITIONAL,
          failure.detail(),
          "Use Amazon S3 or a store that knows 'If-None-Match: *'.");
    }
    if (status == 301 || status == 307) {
      return error(
          ErrorCode.STORE, "the bucket is in another region", "Use --region with its region.");
    }
    if (status == 403 && failure.kind() == Kind.REFUSED) {
      // An answer to HEAD has no body, so no code either.
      return error(
          ErrorCode.ACCESS_DENIED,
          "access is denied",
          "Allow s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket there.");
    }
    ErrorCode code =
        switch (failure.kind()) {
          case CREDENTIALS -> ErrorCode.CREDENTIALS;
          case ACCESS_DENIED -> ErrorCode.ACCESS_DENIED;
          case UNREACHABLE -> ErrorCode.UNREACHABLE;
          case THROTTLED, TRANSIENT, REFUSED -> ErrorCode.STORE;
        };
    return error(code, failure.detail(), failure.hint());
  }

  private WatershedException error(ErrorCode code, String why, String hint) {
    return new WatershedException(code, what + ": " + why, hint, failure.cause());
  }
}
