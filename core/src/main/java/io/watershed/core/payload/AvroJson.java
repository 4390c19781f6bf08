package io.watershed.core.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.watershed.core.payload.AvroInput.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Avro values as JSON text, for arrays, maps, and records below the deepest column; or read over
 * without a text. Reused; not thread-safe.
 */
final class AvroJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private final AvroInput in;
  private @Nullable JsonGenerator out;
  private boolean regular;

  AvroJson(AvroInput in) {
    this.in = in;
  }

  /** Goes over a value. */
  void skip(Schema schema) throws Malformed {
    out = null;
    value(schema);
  }

  /** The value's JSON text; null if JSON has no such value: bytes, NaN, text that is none. */
  byte @Nullable [] text(Schema schema) throws Malformed {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    regular = true;
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      out = json;
      value(schema);
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail to be written", e);
    } finally {
      out = null;
    }
    return regular ? bytes.toByteArray() : null;
  }

  private void value(Schema schema) throws Malformed {
    in.enterValue();
    try {
      switch (schema.getType()) {
        case RECORD -> record(schema);
        case ARRAY -> array(schema.getElementType());
        case MAP -> map(schema.getValueType());
        case UNION -> value(schema.getTypes().get(in.readIndex(schema.getTypes().size())));
        default -> scalar(schema);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot fail to be written", e);
    }
    in.leaveValue();
  }

  private void record(Schema schema) throws Malformed, IOException {
    if (out != null) {
      out.writeStartObject();
    }
    for (Schema.Field field : schema.getFields()) {
      if (out != null) {
        out.writeFieldName(field.name());
      }
      value(field.schema());
    }
    if (out != null) {
      out.writeEndObject();
    }
  }

  private void array(Schema element) throws Malformed, IOException {
    if (out != null) {
      out.writeStartArray();
    }
    for (long left = in.readBlock(); left > 0; left = in.readBlock()) {
      for (; left > 0; left--) {
        value(element);
      }
    }
    if (out != null) {
      out.writeEndArray();
    }
  }

  private void map(Schema element) throws Malformed, IOException {
    if (out != null) {
      out.writeStartObject();
    }
    for (long left = in.readBlock(); left > 0; left = in.readBlock()) {
      for (; left > 0; left--) {
        byte[] key = in.readBytes();
        if (out != null) {
          regular &= Utf8.isValid(key);
          out.writeFieldName(new String(key, StandardCharsets.UTF_8));
        }
        value(element);
      }
    }
    if (out != null) {
      out.writeEndObject();
    }
  }

  private void scalar(Schema schema) throws Malformed, IOException {
    Object value = AvroScalar.read(schema, in);
    if (out == null) {
      return;
    }
    if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof byte[] utf8) {
      out.writeString(new String(utf8, StandardCharsets.UTF_8));
    } else {
      regular &= value == AvroScalar.NULL;
      out.writeNull();
    }
  }
}
