package io.watershed.archive.imports;

import java.time.Instant;
import java.util.Optional;

/**
 * What to import.
 *
 * @param stream the stream's name in the reservoir; its table is made if there is none
 * @param format how records lie in the objects
 * @param payloadColumn of Parquet: the column that holds the payload; empty: the row as JSON
 * @param keyField path of the JSON member that becomes the partition key, such as {@code
 *     customer.id}; empty: the source object is the key
 * @param timeField path of the JSON member that becomes the arrival time, RFC 3339 text or seconds
 *     or milliseconds since the epoch; empty: the time in the object's name, else when it was
 *     written
 * @param until only records that arrived before this; empty: before the first archived one
 */
public record ImportRequest(
    String stream,
    ImportFormat format,
    Optional<String> payloadColumn,
    Optional<String> keyField,
    Optional<String> timeField,
    Optional<Instant> until) {

  /** Everything by default. */
  public static ImportRequest of(String stream) {
    return new ImportRequest(
        stream,
        ImportFormat.AUTO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same for records before this time. */
  public ImportRequest withUntil(Instant time) {
    return new ImportRequest(stream, format, payloadColumn, keyField, timeField, Optional.of(time));
  }

  /** The same with a format. */
  public ImportRequest withFormat(ImportFormat other, Optional<String> column) {
    return new ImportRequest(stream, other, column, keyField, timeField, until);
  }

  /** The same with fields for key and time. */
  public ImportRequest withFields(Optional<String> key, Optional<String> time) {
    return new ImportRequest(stream, format, payloadColumn, key, time, until);
  }
}
