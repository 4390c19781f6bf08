package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream as people name it: by name, or by ARN, which says the region too.
 *
 * @param name the name, also of one that is given by ARN
 * @param arn the ARN, if one was given
 * @param region the ARN's region
 */
record StreamName(String name, Optional<String> arn, Optional<String> region) {
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:kinesis:([a-z0-9-]+):[0-9]{12}:stream/(.+)");

  /**
   * @throws WatershedException {@code invalid-input}
   */
  static StreamName parse(String nameOrArn) {
    if (!nameOrArn.startsWith("arn:")) {
      return new StreamName(StreamAlias.check(nameOrArn), Optional.empty(), Optional.empty());
    }
    Matcher arn = ARN.matcher(nameOrArn);
    if (!arn.matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + nameOrArn + "' is not a stream's ARN",
          "Write a stream's name, or arn:aws:kinesis:<region>:<account>:stream/<name>.");
    }
    return new StreamName(
        StreamAlias.check(arn.group(2)), Optional.of(nameOrArn), Optional.of(arn.group(1)));
  }
}
