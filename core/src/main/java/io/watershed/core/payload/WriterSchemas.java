package io.watershed.core.payload;

import java.util.Optional;

/**
 * Finds the schema that Avro data was written with. A schema of an id never changes. May block.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface WriterSchemas {
  /**
   * The schema as JSON.
   *
   * @param id what the frame around the data says, as a short file name: a number, a UUID
   * @return empty if there is none of that id
   * @throws io.watershed.core.error.WatershedException if that cannot be found out now
   */
  Optional<String> find(String id);

  /** Asks these, and then the others. */
  default WriterSchemas or(WriterSchemas others) {
    return id -> {
      Optional<String> found = find(id);
      return found.isPresent() ? found : others.find(id);
    };
  }
}
