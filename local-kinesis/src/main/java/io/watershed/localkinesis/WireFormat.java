package io.watershed.localkinesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * The two encodings of the protocol. JSON carries blobs as base64 text and times as epoch seconds
 * with a fraction. CBOR carries blobs as byte strings and times as epoch milliseconds, an integer
 * under tag 1: not what RFC 8949 says about that tag (seconds), but what the SDKs send and expect.
 */
@SuppressWarnings("ImmutableEnumChecker") // the mappers are configured once and thread-safe after
enum WireFormat {
  JSON("application/x-amz-json-1.1", new JsonFactory()),
  CBOR("application/x-amz-cbor-1.1", new CBORFactory());

  private static final int EPOCH_TIME_TAG = 1;
  // base64 of the largest record, and some air.
  private static final int MAX_STRING_CHARACTERS = 16 << 20;
  private static final int MAX_NESTING = 20;

  private final String contentType;
  private final ObjectMapper mapper;

  WireFormat(String contentType, JsonFactory factory) {
    this.contentType = contentType;
    factory.setStreamReadConstraints(
        StreamReadConstraints.builder()
            .maxStringLength(MAX_STRING_CHARACTERS)
            .maxNestingDepth(MAX_NESTING)
            .build());
    this.mapper = new ObjectMapper(factory);
  }

  static Optional<WireFormat> ofContentType(String header) {
    int parameters = header.indexOf(';');
    String type = (parameters < 0 ? header : header.substring(0, parameters)).trim();
    for (WireFormat format : values()) {
      if (format.contentType.equalsIgnoreCase(type)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  String contentType() {
    return contentType;
  }

  Fields read(byte[] body) {
    try {
      JsonNode root =
          body.length == 0 ? JsonNodeFactory.instance.objectNode() : mapper.readTree(body);
      if (root instanceof ObjectNode object) {
        return new Fields(object, this);
      }
    } catch (IOException e) {
      // Said below, without the parser's words: they may quote the payload.
    }
    throw ServiceError.serialization("The request body is not an object in " + contentType + ".");
  }

  JsonGenerator generator(OutputStream out) throws IOException {
    return mapper.getFactory().createGenerator(out);
  }

  void writeTime(JsonGenerator generator, long epochMillis) throws IOException {
    if (generator instanceof CBORGenerator cbor) {
      cbor.writeTag(EPOCH_TIME_TAG);
      cbor.writeNumber(epochMillis);
    } else {
      generator.writeNumber(BigDecimal.valueOf(epochMillis, 3));
    }
  }

  Instant readTime(JsonNode number) {
    return this == CBOR
        ? Instant.ofEpochMilli(number.longValue())
        : Instant.ofEpochMilli(number.decimalValue().movePointRight(3).longValue());
  }
}
