package io.watershed.core.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Shreds JSON objects with Jackson's streaming parser. A key that comes again replaces what it held
 * before, wholly, as in ECMAScript and Python: the last one wins.
 */
final class JsonShredder implements Shredder {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonLimits.MAX_NESTING)
                  .maxNumberLength(JsonLimits.MAX_NUMBER_DIGITS)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Odd keys cost time, but never the payload.
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private final PathNode root;
  private final PayloadRow row;
  private final ObservationLog log;
  private final JsonNumbers numbers = new JsonNumbers();

  JsonShredder(PayloadLayout layout, BitSet wanted, ObservationLog log) {
    this.root = PathNode.tree(layout, wanted, log.isOn());
    this.row = new PayloadRow(layout.size());
    this.log = log;
  }

  @Override
  public PayloadRow shred(byte[] payload) {
    row.begin();
    log.begin();
    DecodeError error = JsonBytes.firstProblem(payload);
    if (error == null) {
      error = parse(payload);
    }
    if (error == null) {
      log.keep();
    } else {
      row.fail(error);
      log.drop();
    }
    return row;
  }

  @Override
  public Observations observations() {
    return log.observations();
  }

  private @Nullable DecodeError parse(byte[] payload) {
    try (JsonParser parser = FACTORY.createParser(payload)) {
      DecodeError error = parseFirstValue(parser, payload);
      if (error != null && error != DecodeError.NOT_AN_OBJECT) {
        return error;
      }
      return isAtEnd(parser) ? error : DecodeError.TRAILING_TEXT;
    } catch (IOException e) {
      throw new IllegalStateException("an array in memory cannot fail to be read", e);
    }
  }

  private @Nullable DecodeError parseFirstValue(JsonParser parser, byte[] payload) {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return DecodeError.EMPTY;
      }
      if (first != JsonToken.START_OBJECT) {
        parser.skipChildren();
        parser.finishToken();
        return DecodeError.NOT_AN_OBJECT;
      }
      readObject(parser, payload, root);
      return null;
    } catch (StreamConstraintsException e) {
      return parser.getParsingContext().getNestingDepth() >= JsonLimits.MAX_NESTING
          ? DecodeError.TOO_DEEP
          : DecodeError.NUMBER_TOO_LONG;
    } catch (IOException e) {
      return DecodeError.NOT_JSON;
    }
  }

  private static boolean isAtEnd(JsonParser parser) {
    try {
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private void readObject(JsonParser parser, byte[] payload, PathNode node) throws IOException {
    PathNode previous = null;
    String key = parser.nextFieldName();
    while (key != null) {
      JsonToken token = parser.nextToken();
      PathNode child = node.child(key, previous);
      if (child == null) {
        child = newChild(node, key, token);
      } else {
        previous = child;
      }
      if (child == null || !child.active) {
        parser.skipChildren();
      } else {
        readValue(parser, payload, child, token);
      }
      key = parser.nextFieldName();
    }
  }

  /** A node for a path that is new and has a value, if paths are noted and there is room. */
  private @Nullable PathNode newChild(PathNode node, String key, JsonToken token) {
    if (!log.isOn() || token == JsonToken.VALUE_NULL || !log.hasRoom()) {
      return null;
    }
    PathNode child = node.add(key, true);
    log.created(child);
    return child;
  }

  private void readValue(JsonParser parser, byte[] payload, PathNode node, JsonToken token)
      throws IOException {
    if (node.seenIn == row.number()) {
      node.clear(row);
      log.takeBack(node);
    }
    node.seenIn = row.number();
    switch (token) {
      case VALUE_NULL -> {}
      case VALUE_TRUE, VALUE_FALSE -> readBoolean(node, token == JsonToken.VALUE_TRUE);
      case VALUE_STRING -> readText(parser, node);
      case VALUE_NUMBER_INT -> readInteger(parser, node);
      case VALUE_NUMBER_FLOAT -> readDouble(parser, node);
      case START_ARRAY -> readJson(parser, payload, node);
      case START_OBJECT -> {
        if (node.depth < JsonLimits.MAX_COLUMN_DEPTH) {
          readStruct(parser, payload, node);
        } else {
          readJson(parser, payload, node);
        }
      }
      default -> throw new IllegalStateException("a parser of text has no token " + token);
    }
  }

  private void readBoolean(PathNode node, boolean value) {
    int slot = node.slot(ColumnType.BOOLEAN);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.BOOLEAN);
    } else {
      row.setBoolean(slot, value);
    }
  }

  private void readText(JsonParser parser, PathNode node) throws IOException {
    int slot = node.slot(ColumnType.TEXT);
    if (slot == PathNode.NO_SLOT && !log.isOn()) {
      return;
    }
    byte[] utf8 =
        Utf8.encode(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    if (utf8 == null) {
      log.noteIrregular(node);
    } else if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.TEXT);
    } else {
      row.setUtf8(slot, utf8);
    }
  }

  private void readInteger(JsonParser parser, PathNode node) throws IOException {
    char[] chars = parser.getTextCharacters();
    if (!numbers.fitsLong(chars, parser.getTextOffset(), parser.getTextLength())) {
      readDouble(parser, node);
      return;
    }
    int slot = node.slot(ColumnType.LONG);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.LONG);
    } else {
      row.setLong(slot, numbers.longValue());
    }
  }

  private void readDouble(JsonParser parser, PathNode node) throws IOException {
    int slot = node.slot(ColumnType.DOUBLE);
    if (slot == PathNode.NO_SLOT && !log.isOn()) {
      return;
    }
    double value =
        JsonNumbers.nearestDouble(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    if (!Double.isFinite(value)) {
      log.noteIrregular(node);
    } else if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.DOUBLE);
    } else {
      row.setDouble(slot, value);
    }
  }

  private void readJson(JsonParser parser, byte[] payload, PathNode node) throws IOException {
    int slot = node.slot(ColumnType.JSON);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.JSON);
      parser.skipChildren();
      return;
    }
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int to = (int) parser.currentLocation().getByteOffset();
    row.setUtf8(slot, Arrays.copyOfRange(payload, from, to));
  }

  private void readStruct(JsonParser parser, byte[] payload, PathNode node) throws IOException {
    int slot = node.slot(ColumnType.STRUCT);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.STRUCT);
    } else {
      row.setPresent(slot);
    }
    readObject(parser, payload, node);
  }
}
