package io.watershed.core.stream;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One life of a stream: its ARN and creation time (PROTOCOL 1.1). A stream that is deleted and
 * created again under its name is another incarnation.
 *
 * @param arn the stream's ARN
 * @param createdAt StreamCreationTimestamp, truncated to milliseconds
 */
public record Incarnation(String arn, Instant createdAt) {
  private static final DateTimeFormatter COMPACT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  public Incarnation {
    createdAt = Instant.ofEpochMilli(createdAt.toEpochMilli());
  }

  /** The stream's name: what follows the last {@code /} of the ARN. */
  public String streamName() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  /**
   * The short text that stands for this incarnation in positions: {@code
   * <name>@<yyyyMMddTHHmmss.SSSZ>}. The archive table maps it to the full ARN and refuses two ARNs
   * with one id.
   */
  public String id() {
    return streamName() + "@" + COMPACT.format(createdAt);
  }
}
