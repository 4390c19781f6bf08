package io.watershed.core.config;

import java.util.Optional;

/**
 * One stream, with everything that the file says about it.
 *
 * @param name the stream's name in Kinesis
 * @param arn its ARN, when it is named by one
 * @param alias its name in SQL and in the reservoir
 * @param access how to reach it
 * @param archive the archiver's limits for it
 * @param payload how its payloads are read
 * @param maintenance how its archive is kept fit
 * @param keepsReplayed whether replayed records that come back are kept, or counted only
 */
public record StreamConfig(
    String name,
    Optional<String> arn,
    String alias,
    AwsAccess access,
    ArchiveSettings archive,
    PayloadSettings payload,
    MaintenanceSettings maintenance,
    boolean keepsReplayed) {
  /** What the Kinesis API takes: the ARN if there is one, else the name. */
  public String nameOrArn() {
    return arn.orElse(name);
  }

  /** The same settings for another stream. */
  StreamConfig named(String nameOrArn) {
    StreamName other = StreamName.parse(nameOrArn);
    return new StreamConfig(
        other.name(),
        other.arn(),
        other.name(),
        access.inRegion(other.region()),
        archive,
        payload,
        maintenance.withKeep(Optional.empty()),
        keepsReplayed);
  }
}
