package io.watershed.server.statement;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a result as {@code {offset, total, columns, rows: [[…]]}}, written as it comes. Ends
 * early when it is large: the rows say how far it came.
 */
final class PageSink implements ResultSink {
  /** A page ends after the row that makes it larger. */
  static final long MAX_PAGE_BYTES = 16 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final CountingStream out;
  private final JsonGenerator json;
  private final long offset;
  private final long total;

  PageSink(OutputStream out, long offset, long total) throws IOException {
    this.out = new CountingStream(out);
    this.json = JSON.createGenerator(this.out);
    this.offset = offset;
    this.total = total;
  }

  /** The page is as large as it may be. */
  static final class PageFull extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void begin(List<ResultColumn> columns) throws IOException {
    json.writeStartObject();
    json.writeNumberField("offset", offset);
    json.writeNumberField("total", total);
    json.writeArrayFieldStart("columns");
    for (ResultColumn column : columns) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rows");
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    if (out.bytes() > MAX_PAGE_BYTES) {
      throw new PageFull();
    }
    json.writeStartArray();
    for (Object value : values) {
      CellJson.write(json, value);
    }
    json.writeEndArray();
  }

  /** Ends the page. */
  void finish() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.close();
  }

  @Override
  public void end(QueryOutcome outcome) {
    throw new IllegalStateException("a page has no outcome");
  }
}
