package io.watershed.cluster;

import java.net.URI;
import java.nio.file.Path;

/**
 * A file that the cluster installs, named by its content: what is there under this name is this.
 *
 * @param what a word for a person
 * @param key name below the place for resources
 * @param uri where the cluster finds it
 * @param source what to upload
 * @param sizeBytes its size
 */
public record ClusterResource(String what, String key, URI uri, Source source, long sizeBytes) {
  /** What to upload. */
  public sealed interface Source {
    /** A local file. */
    record LocalFile(Path path) implements Source {}

    /** A small text. */
    record Text(String text) implements Source {}
  }
}
