package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.kinesis.StreamSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One stream to archive.
 *
 * @param name its name in the reservoir (the alias of the configuration)
 * @param sources opens the stream; called again when the stream has been created again, because a
 *     source is tied to one incarnation. Whoever opens sources closes them
 * @param settings limits for this stream; empty for those of the service
 * @param format how its payloads are decoded
 */
public record ArchivedStream(
    String name,
    Supplier<StreamSource> sources,
    Optional<ArchiveSettings> settings,
    PayloadFormat format) {

  /** A stream of JSON payloads with the limits of the service. */
  public ArchivedStream(String name, Supplier<StreamSource> sources) {
    this(name, sources, Optional.empty(), PayloadFormat.JSON);
  }
}
