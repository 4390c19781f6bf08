package io.watershed.server.statement;

import io.watershed.query.ResultSink;
import io.watershed.query.format.ParquetSink;
import io.watershed.query.format.ResultFormat;
import io.watershed.server.http.Problem;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The formats in which a whole result leaves the server. */
enum ExportFormat {
  NDJSON("application/x-ndjson"),
  CSV("text/csv"),
  JSON("application/json"),
  PARQUET("application/vnd.apache.parquet");

  private static final int BUFFER_BYTES = 64 << 10;

  private final String contentType;

  ExportFormat(String contentType) {
    this.contentType = contentType;
  }

  /** By its word in a query. */
  static ExportFormat of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** All words. */
  static String[] words() {
    return Arrays.stream(values()).map(ExportFormat::word).toArray(String[]::new);
  }

  /**
   * The first format of an Accept header, weights aside.
   *
   * @throws Problem 406
   */
  static ExportFormat accepted(Optional<String> accept) {
    for (String range : accept.orElse("*/*").split(",", -1)) {
      String type = range.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
      if (type.equals("*/*") || type.equals("application/*")) {
        return NDJSON;
      }
      for (ExportFormat format : values()) {
        if (format.contentType.equals(type)) {
          return format;
        }
      }
    }
    throw Problem.of(
        406,
        "invalid-input",
        "No result is of the type that Accept asks for",
        "Ask for application/x-ndjson, text/csv, application/json or"
            + " application/vnd.apache.parquet.");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String contentType() {
    return this == CSV ? contentType + "; charset=utf-8" : contentType;
  }

  /** Writes the format; flushes at the end. */
  ResultSink sink(OutputStream out) {
    if (this == PARQUET) {
      return new ParquetSink(new BufferedOutputStream(out, BUFFER_BYTES));
    }
    return ResultFormat.valueOf(name())
        .sink(
            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER_BYTES));
  }
}
