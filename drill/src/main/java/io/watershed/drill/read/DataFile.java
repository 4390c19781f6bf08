package io.watershed.drill.read;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.core.record.SystemColumn;
import io.watershed.drill.plan.FileUnit;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.FileSums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** An open data file, whose columns are found by name (PROTOCOL 4.1). Not thread-safe. */
final class DataFile implements AutoCloseable {
  private final FileUnit unit;
  private final PayloadLayout layout;
  private final ParquetFileReader reader;

  private DataFile(FileUnit unit, PayloadLayout layout, ParquetFileReader reader) {
    this.unit = unit;
    this.layout = layout;
    this.reader = reader;
  }

  /**
   * Opens a pinned file.
   *
   * @throws WatershedException {@code gap} when it is not there any more
   */
  static DataFile open(ObjectStore store, FileUnit unit, PayloadLayout layout) {
    if (store.stat(unit.key()).isEmpty()) {
      throw new WatershedException(
          ErrorCode.GAP,
          "the data file " + unit.key() + " of the statement's cut is not there any more",
          "Its snapshot expired while the statement ran: ask again, or keep snapshots longer.");
    }
    try {
      return new DataFile(
          unit,
          layout,
          ParquetFileReader.open(
              new StoredInput(store, unit.key(), unit.fileBytes()),
              ParquetReadOptions.builder().build()));
    } catch (IOException e) {
      throw unreadable(unit, e);
    }
  }

  /**
   * Whether a payload of the file can hold a value of one of these columns that has no column here
   * (PROTOCOL 4.3).
   *
   * @param wanted indexes of {@link Row}
   */
  boolean hides(BitSet wanted) {
    String sums = reader.getFileMetaData().getKeyValueMetaData().get(FileSums.FOOTER_KEY);
    if (sums == null) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "the footer of " + unit.key() + " has no " + FileSums.FOOTER_KEY,
          "It was not written by watershed; run 'watershed verify'.");
    }
    UnlistedPaths unlisted = UnlistedPaths.parse(FileSums.parse(sums).unlistedPaths());
    Map<String, Integer> here = present(wanted);
    return layout.slots().stream()
        .filter(slot -> wanted.get(Row.index(slot.index())))
        .filter(slot -> !here.containsValue(Row.index(slot.index())))
        .anyMatch(slot -> unlisted.mayHold(slot.path(), slot.column().type()));
  }

  /** The rows of the unit's part, before any filter. The file closes with them. */
  FileRows rows(BitSet wanted) {
    Map<String, Integer> here = present(wanted);
    MessageType all = reader.getFileMetaData().getSchema();
    MessageType read = new MessageType(all.getName(), pick(all, "", here));
    return new FileRows(unit, reader, read, path -> Objects.requireNonNull(here.get(path)));
  }

  /** By path in the file, the indexes of the wanted columns that it has. */
  private Map<String, Integer> present(BitSet wanted) {
    MessageType schema = reader.getFileMetaData().getSchema();
    Map<String, Integer> present = new HashMap<>();
    for (SystemColumn column : SystemColumn.all()) {
      int index = Row.index(column);
      if (wanted.get(index) && schema.containsField(column.columnName())) {
        present.put(column.columnName(), index);
      }
    }
    Map<Integer, String> paths = new HashMap<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      String above = slot.parent() == PayloadLayout.NO_PARENT ? "" : paths.get(slot.parent()) + ".";
      String path = above + slot.column().name();
      paths.put(slot.index(), path);
      if (wanted.get(Row.index(slot.index())) && schema.containsPath(path.split("\\.", -1))) {
        present.put(path, Row.index(slot.index()));
      }
    }
    return present;
  }

  private static List<Type> pick(GroupType type, String prefix, Map<String, Integer> wanted) {
    List<Type> picked = new ArrayList<>();
    for (Type field : type.getFields()) {
      String path = prefix + field.getName();
      if (field.isPrimitive()) {
        if (wanted.containsKey(path)) {
          picked.add(field);
        }
        continue;
      }
      List<Type> members = pick(field.asGroupType(), path + ".", wanted);
      if (!members.isEmpty()) {
        picked.add(field.asGroupType().withNewFields(members));
      }
    }
    return picked;
  }

  static WatershedException unreadable(FileUnit unit, Exception cause) {
    return new WatershedException(
        ErrorCode.STORE,
        "the data file " + unit.key() + " cannot be read: " + cause.getMessage(),
        "Run 'watershed verify' if the store itself can be reached.",
        cause);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw unreadable(unit, e);
    }
  }
}
