package io.watershed.core.payload;

import io.watershed.core.config.AvroSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** What is around the Avro data of a payload, taken off. */
final class AvroFrame {
  private static final byte CONFLUENT_MAGIC = 0;
  private static final int CONFLUENT_BYTES = 1 + Integer.BYTES;
  private static final byte GLUE_VERSION = 3;
  private static final int GLUE_BYTES = 2 + 2 * Long.BYTES;
  private static final byte GLUE_PLAIN = 0;
  private static final byte GLUE_ZLIB = 5;

  private final String schemaId;
  private final byte[] data;
  private final int from;

  private AvroFrame(String schemaId, byte[] data, int from) {
    this.schemaId = schemaId;
    this.data = data;
    this.from = from;
  }

  /** The id of the schema that the data was written with. */
  String schemaId() {
    return schemaId;
  }

  /** What holds the data. */
  byte[] data() {
    return data;
  }

  /** Where the data begins. */
  int from() {
    return from;
  }

  /**
   * Takes the frame off.
   *
   * @return empty if the payload has no such frame
   */
  static Optional<AvroFrame> of(byte[] payload, AvroSettings settings, String bareId) {
    return switch (settings.frame()) {
      case NONE -> Optional.of(new AvroFrame(bareId, payload, 0));
      case CONFLUENT -> confluent(payload);
      case GLUE -> glue(payload);
    };
  }

  /**
   * A zero byte and the schema's number (<a
   * href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
   * Confluent's wire format</a>).
   */
  private static Optional<AvroFrame> confluent(byte[] payload) {
    if (payload.length < CONFLUENT_BYTES || payload[0] != CONFLUENT_MAGIC) {
      return Optional.empty();
    }
    int id = ByteBuffer.wrap(payload).getInt(1);
    return Optional.of(new AvroFrame(Integer.toUnsignedString(id), payload, CONFLUENT_BYTES));
  }

  /**
   * Header version 3, a byte for the compression, and the schema version's UUID (<a
   * href="https://github.com/awslabs/aws-glue-schema-registry">AWSSchemaRegistryConstants</a>).
   */
  private static Optional<AvroFrame> glue(byte[] payload) {
    if (payload.length < GLUE_BYTES || payload[0] != GLUE_VERSION) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(payload);
    String id = new UUID(header.getLong(2), header.getLong(2 + Long.BYTES)).toString();
    if (payload[1] == GLUE_PLAIN) {
      return Optional.of(new AvroFrame(id, payload, GLUE_BYTES));
    }
    byte[] inflated = payload[1] == GLUE_ZLIB ? inflate(payload) : null;
    return Optional.ofNullable(inflated).map(data -> new AvroFrame(id, data, 0));
  }

  /** Null if it is not zlib to its end, or more than we look into. */
  private static byte @Nullable [] inflate(byte[] payload) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(payload, GLUE_BYTES, payload.length - GLUE_BYTES);
      byte[] data = new byte[Math.min(JsonLimits.MAX_PAYLOAD_BYTES, 4 * payload.length + 64)];
      int size = 0;
      while (!inflater.finished()) {
        if (size == data.length) {
          if (size == JsonLimits.MAX_PAYLOAD_BYTES) {
            return null;
          }
          data = Arrays.copyOf(data, Math.min(JsonLimits.MAX_PAYLOAD_BYTES, 2 * size));
        }
        int count = inflater.inflate(data, size, data.length - size);
        if (count == 0 && !inflater.finished()) {
          return null;
        }
        size += count;
      }
      return inflater.getRemaining() > 0 ? null : Arrays.copyOf(data, size);
    } catch (DataFormatException e) {
      return null;
    } finally {
      inflater.end();
    }
  }
}
