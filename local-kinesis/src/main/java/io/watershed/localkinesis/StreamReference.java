package io.watershed.localkinesis;

/** Finds the name of the stream that a request is about: StreamName, StreamARN, or both. */
final class StreamReference {
  private StreamReference() {}

  static String name(Fields request, Account account) {
    if (request.has("StreamARN")) {
      String arn = request.requiredText("StreamARN");
      String name = nameOf(arn, account);
      if (request.name("StreamName").filter(other -> !other.equals(name)).isPresent()) {
        throw ServiceError.invalidArgument(
            "StreamARN " + arn + " and StreamName do not name the same stream.");
      }
      return name;
    }
    return request
        .name("StreamName")
        .orElseThrow(
            () -> ServiceError.invalidArgument("Either StreamARN or StreamName must be provided."));
  }

  private static String nameOf(String arn, Account account) {
    if (!arn.matches("arn:aws[^:]*:kinesis:[^:]*:\\d{12}:stream/[a-zA-Z0-9_.-]{1,128}")) {
      throw ServiceError.constraint(
          "'" + arn + "'",
          "streamARN",
          "Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+");
    }
    if (!arn.startsWith(account.arnPrefix())) {
      throw ServiceError.notFound("Stream " + arn + " not found.");
    }
    return arn.substring(account.arnPrefix().length());
  }
}
