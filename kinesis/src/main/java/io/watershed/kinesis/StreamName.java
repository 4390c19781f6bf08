package io.watershed.kinesis;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream by name or by ARN, checked before any request
 * (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html).
 *
 * @param name the name alone
 * @param arn set if the stream was named by its ARN
 * @param arnRegion the region in the ARN
 */
record StreamName(String name, Optional<String> arn, Optional<String> arnRegion) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z0-9-]*:kinesis:([a-z0-9-]+):\\d{12}:stream/([a-zA-Z0-9_.-]{1,128})");

  static StreamName parse(String nameOrArn) {
    Matcher arn = ARN.matcher(nameOrArn);
    if (arn.matches()) {
      return new StreamName(arn.group(2), Optional.of(nameOrArn), Optional.of(arn.group(1)));
    }
    if (!NAME.matcher(nameOrArn).matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + nameOrArn + "' is neither a stream name nor a stream ARN",
          "A name has 1 to 128 letters, digits, '_', '.' or '-'; an ARN looks like"
              + " arn:aws:kinesis:eu-central-1:123456789012:stream/orders.");
    }
    return new StreamName(nameOrArn, Optional.empty(), Optional.empty());
  }

  /** Refuses an ARN of another region than requests go to. */
  StreamName checkRegion(String region) {
    if (arnRegion.filter(r -> !r.equals(region)).isPresent()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Stream '"
              + name
              + "' is in "
              + arnRegion.get()
              + " by its ARN, but the region is "
              + region,
          "Use --region " + arnRegion.get() + " for this stream.");
    }
    return this;
  }
}
