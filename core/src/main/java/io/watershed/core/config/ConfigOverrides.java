package io.watershed.core.config;

import java.net.URI;
import java.util.Optional;

/**
 * What the command line says, as in the AWS CLI: it wins over the file, for every stream. The
 * endpoint is Kinesis': the reservoir keeps its own.
 *
 * @param region {@code --region}
 * @param profile {@code --profile}
 * @param endpointUrl {@code --endpoint-url}
 */
public record ConfigOverrides(
    Optional<String> region, Optional<String> profile, Optional<URI> endpointUrl) {
  /** Nothing overridden. */
  public static final ConfigOverrides NONE =
      new ConfigOverrides(Optional.empty(), Optional.empty(), Optional.empty());
}
