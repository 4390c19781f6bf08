package io.watershed.query.format;

import io.watershed.query.ResultSink;
import java.io.Writer;

/** The ways in which a result is printed. */
public enum ResultFormat {
  /** Aligned columns for a person, then the receipt. */
  TABLE,
  /** One object: {@code columns}, {@code rows}, {@code receipt}. */
  JSON,
  /** One object per row and line. */
  NDJSON,
  /** RFC 4180, with a header line. */
  CSV;

  /**
   * A sink that writes this format. It flushes at the end and never closes the writer.
   *
   * @param writer best buffered
   */
  public ResultSink sink(Writer writer) {
    return switch (this) {
      case TABLE -> new TableSink(writer);
      case JSON -> new JsonSink(writer);
      case NDJSON -> new NdjsonSink(writer);
      case CSV -> new CsvSink(writer);
    };
  }

  /**
   * A table whose lines have at most so many columns of a terminal: cells are cut, and the last
   * columns are left out where that is not enough.
   *
   * @param columns at least 1
   */
  public static ResultSink tableOf(int columns, Writer writer) {
    return new TableSink(writer, columns);
  }
}
