package io.watershed.core.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach an AWS service. What is empty is found as the AWS CLI finds it: environment,
 * profile, SSO, instance role.
 *
 * @param region such as {@code eu-central-1}
 * @param profile a profile of the shared AWS configuration files
 * @param endpointUrl another endpoint than the region's own
 * @param roleArn a role to assume
 * @param externalId goes with the role
 * @param localCredentials use fixed dummy keys; allowed only with an endpoint on loopback
 */
public record AwsAccess(
    Optional<String> region,
    Optional<String> profile,
    Optional<URI> endpointUrl,
    Optional<String> roleArn,
    Optional<String> externalId,
    boolean localCredentials) {

  /** Everything as the AWS CLI finds it. */
  public static final AwsAccess DEFAULT =
      new AwsAccess(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /** An emulator on loopback, with dummy keys and region us-east-1. */
  public static AwsAccess local(URI endpointUrl) {
    return new AwsAccess(
        Optional.of("us-east-1"),
        Optional.empty(),
        Optional.of(endpointUrl),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  /** The same access in this region; unchanged if none is given. */
  public AwsAccess inRegion(Optional<String> other) {
    return other.isEmpty()
        ? this
        : new AwsAccess(other, profile, endpointUrl, roleArn, externalId, localCredentials);
  }

  /**
   * The same access, with dummy keys for an emulator: only for an endpoint on loopback, and only if
   * nothing on this machine names other credentials.
   *
   * @param environment environment variables
   */
  public AwsAccess orDummyKeys(Map<String, String> environment) {
    boolean local = endpointUrl.map(Loopback::holds).orElse(false);
    if (!local || localCredentials || profile.isPresent() || hasCredentials(environment)) {
      return this;
    }
    return new AwsAccess(
        region.or(() -> Optional.of("us-east-1")), profile, endpointUrl, roleArn, externalId, true);
  }

  private static boolean hasCredentials(Map<String, String> environment) {
    String files =
        environment.getOrDefault(
            "AWS_SHARED_CREDENTIALS_FILE", System.getProperty("user.home") + "/.aws/credentials");
    return environment.containsKey("AWS_ACCESS_KEY_ID")
        || environment.containsKey("AWS_PROFILE")
        || Files.exists(Path.of(files));
  }
}
