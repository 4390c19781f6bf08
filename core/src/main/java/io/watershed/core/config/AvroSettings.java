package io.watershed.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a stream's Avro payloads name the schema that they were written with, and where that is.
 *
 * @param frame what is before the data
 * @param schema file with the schema of bare data
 * @param schemas folder with files {@code <id>.avsc}
 * @param registry address of a Confluent schema registry
 */
public record AvroSettings(
    Frame frame, Optional<Path> schema, Optional<Path> schemas, Optional<URI> registry) {
  /** No Avro. */
  public static final AvroSettings NONE =
      new AvroSettings(Frame.NONE, Optional.empty(), Optional.empty(), Optional.empty());

  /** What is before the data. */
  public enum Frame {
    /** Nothing: all payloads have one schema. */
    NONE,
    /** A zero byte and a number of four bytes. */
    CONFLUENT,
    /** Version, compression and a UUID. */
    GLUE
  }
}
