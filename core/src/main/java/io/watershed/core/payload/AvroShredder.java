package io.watershed.core.payload;

import io.watershed.core.payload.AvroInput.Malformed;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Shreds Avro records as JSON objects are: a field is a key, a record in a record a struct; arrays
 * and maps are JSON text. The type is that of the value, so a union makes siblings.
 */
final class AvroShredder implements Shredder {
  private final AvroFormat format;
  private final AvroFormat.Asked asked = new AvroFormat.Asked();
  private final PathNode root;
  private final PayloadRow row;
  private final ObservationLog log;
  private final AvroInput in = new AvroInput();
  private final AvroJson json = new AvroJson(in);

  AvroShredder(AvroFormat format, PayloadLayout layout, PathNode root, ObservationLog log) {
    this.format = format;
    this.root = root;
    this.row = new PayloadRow(layout.size());
    this.log = log;
  }

  @Override
  public PayloadRow shred(byte[] payload) {
    row.begin();
    log.begin();
    DecodeError error = decode(payload);
    if (error == null) {
      log.keep();
    } else {
      row.fail(error);
      log.drop();
      if (error == DecodeError.UNKNOWN_SCHEMA) {
        log.noteMore();
        log.keep();
      }
    }
    return row;
  }

  private @Nullable DecodeError decode(byte[] payload) {
    if (payload.length > JsonLimits.MAX_PAYLOAD_BYTES) {
      return DecodeError.TOO_LARGE;
    }
    Optional<AvroFrame> frame = format.unframe(payload);
    if (frame.isEmpty()) {
      return payload.length == 0 ? DecodeError.EMPTY : DecodeError.NO_SCHEMA_ID;
    }
    Optional<Schema> schema = format.schemaOf(frame.get().schemaId(), asked);
    if (schema.isEmpty()) {
      return DecodeError.UNKNOWN_SCHEMA;
    }
    try {
      in.begin(frame.get().data(), frame.get().from());
      Schema top = branch(schema.get());
      if (top.getType() != Schema.Type.RECORD) {
        return DecodeError.NOT_A_RECORD;
      }
      readRecord(top, root);
      return in.isAtEnd() ? null : DecodeError.NOT_AVRO;
    } catch (Malformed e) {
      return DecodeError.NOT_AVRO;
    }
  }

  /** The branch of a union that the data says; a union has no union in it. */
  private Schema branch(Schema schema) throws Malformed {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().get(in.readIndex(schema.getTypes().size()))
        : schema;
  }

  private void readRecord(Schema schema, PathNode node) throws Malformed {
    PathNode previous = null;
    for (Schema.Field field : schema.getFields()) {
      Schema type = branch(field.schema());
      PathNode child = node.child(field.name(), previous);
      if (child == null) {
        child = newChild(node, field.name(), type);
      } else {
        previous = child;
      }
      if (child == null || !child.active) {
        json.skip(type);
      } else {
        readValue(type, child);
      }
    }
  }

  private @Nullable PathNode newChild(PathNode node, String key, Schema type) {
    if (!log.isOn() || type.getType() == Schema.Type.NULL || !log.hasRoom()) {
      return null;
    }
    PathNode child = node.add(key, true);
    log.created(child);
    return child;
  }

  private void readValue(Schema schema, PathNode node) throws Malformed {
    switch (schema.getType()) {
      case ARRAY, MAP -> readJson(schema, node);
      case RECORD -> {
        if (node.depth < JsonLimits.MAX_COLUMN_DEPTH) {
          readStruct(schema, node);
        } else {
          readJson(schema, node);
        }
      }
      default -> {
        in.enterValue();
        put(node, AvroScalar.read(schema, in));
        in.leaveValue();
      }
    }
  }

  private void readStruct(Schema schema, PathNode node) throws Malformed {
    int slot = node.slot(ColumnType.STRUCT);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.STRUCT);
    } else {
      row.setPresent(slot);
    }
    in.enterValue();
    readRecord(schema, node);
    in.leaveValue();
  }

  private void readJson(Schema schema, PathNode node) throws Malformed {
    int slot = node.slot(ColumnType.JSON);
    if (slot == PathNode.NO_SLOT && !log.isOn()) {
      json.skip(schema);
      return;
    }
    byte[] text = json.text(schema);
    if (text == null) {
      log.noteIrregular(node);
    } else if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.JSON);
    } else {
      row.setUtf8(slot, text);
    }
  }

  private void put(PathNode node, Object value) {
    if (value instanceof Long number) {
      put(node, ColumnType.LONG, number);
    } else if (value instanceof Boolean flag) {
      put(node, ColumnType.BOOLEAN, flag ? 1 : 0);
    } else if (value instanceof Double number) {
      put(node, ColumnType.DOUBLE, Double.doubleToRawLongBits(number));
    } else if (value instanceof byte[] utf8) {
      putText(node, utf8);
    } else if (value != AvroScalar.NULL) {
      log.noteIrregular(node);
    }
  }

  private void put(PathNode node, ColumnType type, long value) {
    int slot = node.slot(type);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, type);
    } else {
      row.setLong(slot, value);
    }
  }

  private void putText(PathNode node, byte[] utf8) {
    int slot = node.slot(ColumnType.TEXT);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.TEXT);
    } else {
      row.setUtf8(slot, utf8);
    }
  }

  @Override
  public Observations observations() {
    return log.observations();
  }
}
