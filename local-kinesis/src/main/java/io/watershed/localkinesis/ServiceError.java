package io.watershed.localkinesis;

/** An error answer of the service: its type, its HTTP status and its message. */
final class ServiceError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final int status;

  private ServiceError(String type, int status, String message) {
    // An answer, not a failure of this program: no stack trace.
    super(message, null, false, false);
    this.type = type;
    this.status = status;
  }

  String type() {
    return type;
  }

  int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  static ServiceError of(String type, String message) {
    return new ServiceError(type, 400, message);
  }

  static ServiceError notFound(String message) {
    return of("ResourceNotFoundException", message);
  }

  static ServiceError inUse(String message) {
    return of("ResourceInUseException", message);
  }

  static ServiceError invalidArgument(String message) {
    return of("InvalidArgumentException", message);
  }

  static ServiceError limitExceeded(String message) {
    return of("LimitExceededException", message);
  }

  static ServiceError throttled(String message) {
    return of("ProvisionedThroughputExceededException", message);
  }

  static ServiceError serialization(String message) {
    return of("SerializationException", message);
  }

  /** The service's words for a member that breaks a constraint of its model. */
  static ServiceError constraint(String value, String member, String constraint) {
    return of(
        "ValidationException",
        "1 validation error detected: Value "
            + value
            + " at '"
            + member
            + "' failed to satisfy constraint: "
            + constraint);
  }

  static ServiceError internal() {
    return new ServiceError("InternalFailure", 500, "Internal service failure.");
  }

  static ServiceError unavailable() {
    return new ServiceError("ServiceUnavailable", 503, "Service unavailable.");
  }

  static ServiceError forbidden(String type, String message) {
    return new ServiceError(type, 403, message);
  }

  static ServiceError tooLarge() {
    return new ServiceError("RequestEntityTooLarge", 413, "The request is too large.");
  }
}
