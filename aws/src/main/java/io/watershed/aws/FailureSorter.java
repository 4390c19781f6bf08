package io.watershed.aws;

import io.watershed.aws.AwsFailure.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sorts failures of SDK calls. Answers are sorted by error code, then by HTTP status; calls without
 * an answer by the type of the cause, and by the SDK's own words only where it has no type.
 */
final class FailureSorter {
  private static final int MAX_SERVICE_TEXT = 400;

  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");

  private static final Set<String> NOT_ACCEPTED =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "MissingSecurityHeader",
          "InvalidToken",
          "AuthFailure");

  private static final Set<String> CLOCK =
      Set.of("RequestTimeTooSkewed", "RequestInTheFuture", "SignatureDoesNotMatchClockSkew");

  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "UnauthorizedOperation",
          "OptInRequired",
          "KMSAccessDeniedException",
          "AllAccessDisabled");

  private static final Pattern ACTION =
      Pattern.compile("not authorized to perform:? ([\\w-]+:\\w+)(?: on resource:? (\\S+))?");

  private FailureSorter() {}

  static AwsFailure sort(Throwable thrown, AwsPlace place) {
    Throwable error = unwrap(thrown);
    if (error instanceof AwsServiceException answer) {
      return ofAnswer(answer, place);
    }
    return ofNoAnswer(error, place);
  }

  private static AwsFailure ofAnswer(AwsServiceException answer, AwsPlace place) {
    String code = code(answer);
    int status = answer.statusCode();
    String text = place.text() + " answered " + said(answer, code, status);
    if (EXPIRED.contains(code)) {
      return new AwsFailure(
          Kind.CREDENTIALS,
          code,
          status,
          "The credentials for " + place.text() + " have expired",
          "Get new ones" + login(place) + ", then try again.",
          answer);
    }
    if (CLOCK.contains(code)) {
      return new AwsFailure(
          Kind.CREDENTIALS, code, status, text, "Set this machine's clock: it is off.", answer);
    }
    if (NOT_ACCEPTED.contains(code)) {
      return new AwsFailure(
          Kind.CREDENTIALS,
          code,
          status,
          place.text() + " does not accept the credentials (" + code + ")",
          "See which ones are used with 'aws sts get-caller-identity'" + profileFlag(place) + ".",
          answer);
    }
    if (DENIED.contains(code)) {
      return denied(answer, code, place);
    }
    if (answer.isThrottlingException() || status == 429 || code.equals("SlowDown")) {
      return new AwsFailure(
          Kind.THROTTLED,
          code,
          status,
          text,
          "Read or write less at once, or raise the service's limit.",
          answer);
    }
    if (status >= 500 || code.equals("RequestTimeout")) {
      return new AwsFailure(
          Kind.TRANSIENT, code, status, text, "Try again; the service reports a failure.", answer);
    }
    return new AwsFailure(
        Kind.REFUSED, code, status, text, "The request must change before it can pass.", answer);
  }

  private static AwsFailure denied(AwsServiceException answer, String code, AwsPlace place) {
    Matcher action = ACTION.matcher(String.valueOf(serviceMessage(answer)));
    String allow = "Allow the action for the user or role in IAM.";
    String what = "";
    if (action.find()) {
      what = ": " + action.group(1) + " is not allowed";
      allow =
          "Allow "
              + action.group(1)
              + Optional.ofNullable(action.group(2)).map(r -> " on " + r).orElse("")
              + " for the user or role in IAM.";
    }
    return new AwsFailure(
        Kind.ACCESS_DENIED,
        code,
        answer.statusCode(),
        place.text() + " denies access" + what,
        allow,
        answer);
  }

  private static AwsFailure ofNoAnswer(Throwable error, AwsPlace place) {
    if (find(error, UnknownHostException.class)) {
      return unreachable(
          place.text() + " cannot be found: the host name is unknown",
          "Check the region and --endpoint-url, and this machine's name service.",
          error);
    }
    if (find(error, SSLException.class)) {
      return unreachable(
          place.text() + " does not speak TLS as expected",
          "Check that the endpoint's URL has the right scheme (http or https) and certificate.",
          error);
    }
    if (find(error, ConnectException.class) || find(error, NoRouteToHostException.class)) {
      return unreachable(
          place.text() + " refuses connections",
          "Check that the endpoint runs, and that its endpoint_url (--endpoint-url for Kinesis) names its"
              + " host and port.",
          error);
    }
    if (NeverSent.waitedInVain(error)) {
      return unreachable(
          place.text() + " gave no connection within the time limit",
          "Check the network and the endpoint; a busy machine can be the reason as well.",
          error);
    }
    Optional<AwsFailure> credentials = credentials(error, place);
    if (credentials.isPresent()) {
      return credentials.get();
    }
    return new AwsFailure(
        Kind.TRANSIENT,
        "",
        0,
        "The connection to " + place.text() + " failed or timed out (" + simpleName(error) + ")",
        "Try again; if it persists, check the network and the endpoint.",
        error);
  }

  private static Optional<AwsFailure> credentials(Throwable error, AwsPlace place) {
    String words = words(error).toLowerCase(Locale.ROOT);
    if (words.contains("token is expired")
        || words.contains("expiredtoken")
        || (words.contains("sso") && words.contains("expired"))) {
      return Optional.of(
          noCredentials(
              "The credentials for " + place.text() + " have expired",
              "Get new ones" + login(place) + ", then try again.",
              error));
    }
    boolean mentions = words.contains("credential") || words.contains("profile");
    if (error instanceof SdkClientException && mentions) {
      return Optional.of(
          noCredentials(
              "No AWS credentials were found for " + place.text(),
              "Use --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run"
                  + " 'aws configure' or 'aws sso login'.",
              error));
    }
    return Optional.empty();
  }

  private static AwsFailure noCredentials(String detail, String hint, Throwable error) {
    return new AwsFailure(Kind.CREDENTIALS, "", 0, detail, hint, error);
  }

  private static AwsFailure unreachable(String detail, String hint, Throwable error) {
    return new AwsFailure(Kind.UNREACHABLE, "", 0, detail, hint, error);
  }

  private static String login(AwsPlace place) {
    return ", for example with 'aws sso login"
        + place.profile().map(p -> " --profile " + p).orElse("")
        + "'";
  }

  private static String profileFlag(AwsPlace place) {
    return place.profile().map(p -> " and --profile " + p).orElse("");
  }

  private static String code(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
        ? ""
        : answer.awsErrorDetails().errorCode();
  }

  private static String serviceMessage(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorMessage() == null
        ? ""
        : answer.awsErrorDetails().errorMessage();
  }

  private static String said(AwsServiceException answer, String code, int status) {
    String message = serviceMessage(answer);
    String bounded =
        message.length() <= MAX_SERVICE_TEXT
            ? message
            : message.substring(0, MAX_SERVICE_TEXT) + "…";
    String name = code.isEmpty() ? "HTTP " + status : code + " (HTTP " + status + ")";
    return bounded.isEmpty() ? name : name + ": " + bounded;
  }

  private static boolean find(Throwable error, Class<? extends Throwable> type) {
    int depth = 0;
    for (Throwable t = error; t != null && depth < 20; t = t.getCause(), depth++) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String words(Throwable error) {
    StringBuilder words = new StringBuilder();
    int depth = 0;
    for (Throwable t = error; t != null && depth < 20; t = t.getCause(), depth++) {
      words.append(t.getClass().getSimpleName()).append(' ').append(t.getMessage()).append(' ');
    }
    return words.toString();
  }

  private static String simpleName(Throwable error) {
    Throwable cause = error.getCause();
    boolean wrapped = error instanceof SdkException && cause != null;
    return (wrapped && cause != null ? cause : error).getClass().getSimpleName();
  }

  private static Throwable unwrap(Throwable error) {
    Throwable unwrapped = error;
    while ((unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException)
        && unwrapped.getCause() != null) {
      unwrapped = unwrapped.getCause();
    }
    return unwrapped;
  }
}
