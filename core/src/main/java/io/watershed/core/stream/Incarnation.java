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

  /**
   * The one that imported records have, which have no position in any stream (PROTOCOL 8). No
   * stream can have its name, and its id sorts before that of every stream.
   */
  public static final Incarnation IMPORT =
      new Incarnation("watershed:import/!import", Instant.EPOCH);

  public Incarnation {
    createdAt = Instant.ofEpochMilli(createdAt.toEpochMilli());
  }

  /** Whether the id is that of imported records. */
  public static boolean isImport(String id) {
    return id.equals(IMPORT.id());
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
