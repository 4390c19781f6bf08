package io.watershed.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes the members of an answer in either format. */
final class AnswerWriter {
  private final JsonGenerator generator;
  private final WireFormat format;

  AnswerWriter(JsonGenerator generator, WireFormat format) {
    this.generator = generator;
    this.format = format;
  }

  void text(String member, String value) throws IOException {
    generator.writeStringField(member, value);
  }

  void text(String member, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      text(member, value.get());
    }
  }

  void number(String member, long value) throws IOException {
    generator.writeNumberField(member, value);
  }

  void flag(String member, boolean value) throws IOException {
    generator.writeBooleanField(member, value);
  }

  void time(String member, long epochMillis) throws IOException {
    generator.writeFieldName(member);
    format.writeTime(generator, epochMillis);
  }

  void bytes(String member, byte[] value) throws IOException {
    generator.writeBinaryField(member, value);
  }

  void structure(String member, Answer content) throws IOException {
    generator.writeObjectFieldStart(member);
    content.write(this);
    generator.writeEndObject();
  }

  void texts(String member, List<String> values) throws IOException {
    generator.writeArrayFieldStart(member);
    for (String value : values) {
      generator.writeString(value);
    }
    generator.writeEndArray();
  }

  <T> void structures(String member, List<T> values, Item<T> item) throws IOException {
    generator.writeArrayFieldStart(member);
    for (T value : values) {
      generator.writeStartObject();
      item.write(this, value);
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  /** Writes the members of one structure of a list. */
  interface Item<T> {
    void write(AnswerWriter out, T value) throws IOException;
  }
}
