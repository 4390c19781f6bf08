package io.watershed.query.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object: {@code columns} (name and type), {@code rows} (one object each), {@code row_count},
 * {@code receipt} (id and body), {@code notices}, {@code elapsed_ms}.
 */
final class JsonSink implements ResultSink {
  private final JsonGenerator json;
  private List<String> names = List.of();

  JsonSink(Writer writer) {
    json = generator(writer);
  }

  static JsonGenerator generator(Writer writer) {
    try {
      return new JsonFactory()
          .createGenerator(writer)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .setPrettyPrinter(new MinimalPrettyPrinter(""));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void begin(List<ResultColumn> columns) throws IOException {
    names = ColumnNames.unique(columns);
    json.writeStartObject();
    json.writeArrayFieldStart("columns");
    for (int i = 0; i < columns.size(); i++) {
      json.writeStartObject();
      json.writeStringField("name", names.get(i));
      json.writeStringField("type", columns.get(i).type());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rows");
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    writeRow(json, names, values);
  }

  static void writeRow(JsonGenerator json, List<String> names, @Nullable Object[] values)
      throws IOException {
    json.writeStartObject();
    for (int i = 0; i < values.length; i++) {
      json.writeFieldName(names.get(i));
      JsonValues.write(json, values[i]);
    }
    json.writeEndObject();
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    json.writeEndArray();
    json.writeNumberField("row_count", outcome.rows());
    json.writeObjectFieldStart("receipt");
    json.writeStringField("id", outcome.receipt().id());
    json.writeFieldName("body");
    json.writeRawValue(outcome.receipt().body());
    json.writeEndObject();
    json.writeArrayFieldStart("notices");
    for (String notice : outcome.notices()) {
      json.writeString(notice);
    }
    json.writeEndArray();
    json.writeNumberField("elapsed_ms", outcome.elapsed().toMillis());
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }
}
