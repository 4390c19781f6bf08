package io.watershed.core.payload;

import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredType;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shreds CSV lines. A field is what its declared type says only if its characters are such a value
 * as JSON would write it; else it is text. An empty field without quotes is no value.
 */
final class CsvShredder implements Shredder {
  private final PayloadRow row;
  private final ObservationLog log;
  private final CsvLine line;
  private final NumberText numbers = new NumberText();
  private final DeclaredType[] types;
  private final PathNode[] nodes;

  CsvShredder(
      PayloadLayout layout,
      BitSet wanted,
      ObservationLog log,
      List<DeclaredColumn> columns,
      byte delimiter) {
    this.row = new PayloadRow(layout.size());
    this.log = log;
    this.line = new CsvLine(delimiter);
    this.types = columns.stream().map(DeclaredColumn::type).toArray(DeclaredType[]::new);
    PathNode root = PathNode.tree(layout, wanted, log.isOn());
    this.nodes =
        columns.stream()
            .map(CsvFormat::key)
            .map(key -> root.childOrNew(key, log.isOn()))
            .toArray(PathNode[]::new);
  }

  @Override
  public PayloadRow shred(byte[] payload) {
    row.begin();
    log.begin();
    DecodeError error = firstProblem(payload);
    if (error == null) {
      error = read(payload);
    }
    if (error == null) {
      log.keep();
    } else {
      row.fail(error);
      log.drop();
    }
    return row;
  }

  private static @Nullable DecodeError firstProblem(byte[] payload) {
    if (payload.length == 0) {
      return DecodeError.EMPTY;
    }
    if (payload.length > JsonLimits.MAX_PAYLOAD_BYTES) {
      return DecodeError.TOO_LARGE;
    }
    return Utf8.isValid(payload) ? null : DecodeError.NOT_UTF8;
  }

  private @Nullable DecodeError read(byte[] payload) {
    line.begin(payload);
    for (int field = 0; line.next(); field++) {
      boolean isValue = line.quoted || line.from < line.to;
      if (isValue && field < nodes.length) {
        readField(nodes[field], types[field]);
      } else if (isValue) {
        log.noteMore();
      }
    }
    return line.error();
  }

  private void readField(PathNode node, DeclaredType type) {
    if (!node.active) {
      return;
    }
    boolean fits =
        switch (type) {
          case LONG -> readLong(node);
          case DOUBLE -> readExactDouble(node);
          case NUMBER -> readLong(node) || readDouble(node);
          case BOOLEAN -> readBoolean(node);
          case TEXT, JSON -> false;
        };
    if (!fits) {
      readText(node);
    }
  }

  private boolean readLong(PathNode node) {
    if (!numbers.read(line.bytes, line.from, line.to) || !numbers.isLong()) {
      return false;
    }
    int slot = node.slot(ColumnType.LONG);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.LONG);
    } else {
      row.setLong(slot, numbers.longValue());
    }
    return true;
  }

  /** An integer is a double only if that is the very same number. */
  private boolean readExactDouble(PathNode node) {
    return numbers.read(line.bytes, line.from, line.to)
        && (!numbers.isInteger() || numbers.isExactDouble())
        && readDouble(node);
  }

  private boolean readDouble(PathNode node) {
    if (!numbers.read(line.bytes, line.from, line.to)) {
      return false;
    }
    double value = numbers.doubleValue();
    if (!Double.isFinite(value)) {
      return false;
    }
    int slot = node.slot(ColumnType.DOUBLE);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.DOUBLE);
    } else {
      row.setDouble(slot, value);
    }
    return true;
  }

  private boolean readBoolean(PathNode node) {
    boolean isTrue = is("true");
    if (!isTrue && !is("false")) {
      return false;
    }
    int slot = node.slot(ColumnType.BOOLEAN);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.BOOLEAN);
    } else {
      row.setBoolean(slot, isTrue);
    }
    return true;
  }

  private boolean is(String word) {
    if (line.to - line.from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (line.bytes[line.from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void readText(PathNode node) {
    int slot = node.slot(ColumnType.TEXT);
    if (slot == PathNode.NO_SLOT) {
      log.note(node, ColumnType.TEXT);
    } else {
      row.setUtf8(slot, line.copy());
    }
  }

  @Override
  public Observations observations() {
    return log.observations();
  }
}
