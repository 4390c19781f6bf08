package io.watershed.core.config;

import java.util.Locale;

/**
 * How a stream's payloads are read. What a typed column holds is a function of the bytes and of
 * these settings, so they are the stream's, not a command's.
 *
 * @param format the name of the format: {@code json}, {@code csv}, {@code avro} or {@code raw}
 * @param compression what is around the format
 * @param documents how many documents a payload holds
 * @param columns the columns that are declared
 * @param csvDelimiter what is between two fields of CSV
 * @param avro how Avro data names its schema, and where that is
 */
public record PayloadSettings(
    String format,
    Compression compression,
    Documents documents,
    DeclaredSchema columns,
    char csvDelimiter,
    AvroSettings avro) {
  /** JSON, which may be gzip; one document a payload. */
  public static final PayloadSettings DEFAULTS =
      new PayloadSettings(
          "json", Compression.AUTO, Documents.ONE, DeclaredSchema.NONE, ',', AvroSettings.NONE);

  /** What is around the format. */
  public enum Compression {
    /** Nothing: the payload is the document. */
    NONE,
    /** Every payload is gzip (RFC 1952). */
    GZIP,
    /** A payload that begins as gzip and inflates is gzip; any other is not. */
    AUTO;

    /** How a configuration writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many documents a payload holds. */
  public enum Documents {
    /** One. */
    ONE,
    /**
     * Several JSON documents, one after the other: each becomes a record, with its slice of the
     * payload and a sub-sequence number of its own.
     */
    MANY;

    /** How a configuration writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same settings with another format. */
  public PayloadSettings withFormat(String other) {
    return new PayloadSettings(other, compression, documents, columns, csvDelimiter, avro);
  }

  /** The same settings with another compression. */
  public PayloadSettings withCompression(Compression other) {
    return new PayloadSettings(format, other, documents, columns, csvDelimiter, avro);
  }

  /** The same settings with another number of documents. */
  public PayloadSettings withDocuments(Documents other) {
    return new PayloadSettings(format, compression, other, columns, csvDelimiter, avro);
  }

  /** The same settings with other declared columns. */
  public PayloadSettings withColumns(DeclaredSchema other) {
    return new PayloadSettings(format, compression, documents, other, csvDelimiter, avro);
  }

  /** The same settings with another CSV delimiter. */
  public PayloadSettings withCsvDelimiter(char other) {
    return new PayloadSettings(format, compression, documents, columns, other, avro);
  }

  /** The same settings with other sources of Avro schemas. */
  public PayloadSettings withAvro(AvroSettings other) {
    return new PayloadSettings(format, compression, documents, columns, csvDelimiter, other);
  }
}
