package io.watershed.reservoir.table;

import java.time.Instant;

/**
 * An object of another tool that was imported, once and for all: its identity is location, size and
 * content.
 *
 * @param shardId the import that it belongs to, as a shard of {@code Incarnation.IMPORT}
 * @param file its number there, from 1
 * @param rows records that it became
 * @param leftOut records that were left out because they arrived too late
 * @param sizeBytes its size
 * @param lastModified when it was written, by its store
 * @param sha256 of its bytes, in hexadecimal
 * @param location where it was, as a URI
 */
public record ImportedObject(
    String shardId,
    long file,
    long rows,
    long leftOut,
    long sizeBytes,
    Instant lastModified,
    String sha256,
    String location) {

  /** One line of text without a line break. */
  String line() {
    return String.join(
        " ",
        shardId,
        Long.toString(file),
        Long.toString(rows),
        Long.toString(leftOut),
        Long.toString(sizeBytes),
        lastModified.toString(),
        sha256,
        location);
  }

  /**
   * Reads {@link #line()}.
   *
   * @throws RuntimeException if it is none
   */
  static ImportedObject parse(String line) {
    String[] words = line.split(" ", 8);
    return new ImportedObject(
        words[0],
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        Instant.parse(words[5]),
        words[6],
        words[7]);
  }
}
