package io.watershed.core.payload;

import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.SchemaSettings;
import java.util.BitSet;

/** How payloads are decoded into columns. One class for each format; stateless and thread-safe. */
public interface PayloadFormat {
  /** UTF-8 JSON objects. */
  PayloadFormat JSON = of(PayloadSettings.DEFAULTS);

  /** Payloads that nobody looks into: no columns, and nothing to get wrong. */
  PayloadFormat RAW = of(PayloadSettings.DEFAULTS.withFormat(RawFormat.NAME));

  /** The name in configurations, such as {@code json}. */
  String name();

  /** The bounds of the payload columns, with the columns that the stream declares. */
  SchemaSettings schema(SchemaSettings bounds);

  /** A shredder that fills every column and notes what has none. */
  Shredder shredder(PayloadLayout layout, SchemaSettings settings);

  /**
   * A shredder that fills only some slots and notes nothing. The decode error is always right.
   *
   * @param wanted slot numbers; a struct's members do not come with it
   */
  Shredder shredder(PayloadLayout layout, BitSet wanted);

  /** As {@link #of(PayloadSettings, WriterSchemas)}, without schemas that were kept before. */
  static PayloadFormat of(PayloadSettings settings) {
    return of(settings, SchemaSources.of(settings.avro()));
  }

  /**
   * How a stream's payloads are decoded: the one lookup for whatever reads its payloads.
   *
   * @param schemas finds the schemas of Avro data
   */
  static PayloadFormat of(PayloadSettings settings, WriterSchemas schemas) {
    PayloadFormat inner =
        switch (settings.format()) {
          case "json" -> new JsonFormat(settings.columns());
          case RawFormat.NAME -> new RawFormat();
          case CsvFormat.NAME -> new CsvFormat(settings.columns(), settings.csvDelimiter());
          case AvroFormat.NAME -> new AvroFormat(settings.columns(), settings.avro(), schemas);
          default -> throw new IllegalArgumentException("no format " + settings.format());
        };
    boolean guess = settings.compression() == Compression.AUTO;
    return new WrappedFormat(
        inner,
        guess && settings.format().equals(RawFormat.NAME)
            ? Compression.NONE
            : settings.compression());
  }
}
