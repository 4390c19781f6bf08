package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket and the prefix of every key in it.
 *
 * @param bucket by S3's naming rules
 * @param prefix without slashes at its ends; may be empty
 */
public record S3Location(String bucket, String prefix) {
  private static final Pattern URI =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/.*)?");

  public S3Location {
    if (!prefix.isEmpty()) {
      ObjectKeys.check(prefix);
    }
  }

  /**
   * Parses {@code s3://bucket/prefix}.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static S3Location parse(String uri) {
    Matcher matcher = URI.matcher(uri);
    if (!matcher.matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + uri + "' names no S3 bucket",
          "Write s3://bucket/prefix; a bucket has 3 to 63 small letters, digits, dots and"
              + " hyphens.");
    }
    String path = matcher.group(2) == null ? "" : matcher.group(2);
    return new S3Location(matcher.group(1), path.replaceAll("^/+|/+$", ""));
  }

  /** {@code s3://bucket/prefix}. */
  String root() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }

  /** The key in the bucket. */
  String key(String key) {
    return prefix(ObjectKeys.check(key));
  }

  String prefix(String start) {
    return prefix.isEmpty() ? start : prefix + "/" + start;
  }
}
