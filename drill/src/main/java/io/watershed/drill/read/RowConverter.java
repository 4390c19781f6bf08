package io.watershed.drill.read;

import java.util.function.Function;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Takes a file's columns into a row. */
final class RowConverter extends RecordMaterializer<Row> {
  private final Row row;
  private final GroupConverter root;

  /**
   * @param row what every record is put into
   * @param schema the columns that are read
   * @param index the row's index of a leaf, by its path with dots
   */
  RowConverter(Row row, GroupType schema, Function<String, Integer> index) {
    this.row = row;
    this.root =
        new Group(schema, "", index) {
          @Override
          public void start() {
            row.clear();
          }
        };
  }

  @Override
  public Row getCurrentRecord() {
    return row;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private class Group extends GroupConverter {
    private final Converter[] fields;

    Group(GroupType type, String prefix, Function<String, Integer> index) {
      fields = new Converter[type.getFieldCount()];
      for (int i = 0; i < fields.length; i++) {
        Type field = type.getType(i);
        String path = prefix + field.getName();
        fields[i] =
            field.isPrimitive()
                ? new Leaf(index.apply(path), isText(field))
                : new Group(field.asGroupType(), path + ".", index);
      }
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static boolean isText(Type field) {
    return field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
  }

  private final class Leaf extends PrimitiveConverter {
    private final int index;
    private final boolean isText;
    private byte[][] dictionary = {};

    Leaf(int index, boolean isText) {
      this.index = index;
      this.isText = isText;
    }

    /** Texts that repeat are taken out once. */
    @Override
    public boolean hasDictionarySupport() {
      return isText;
    }

    @Override
    public void setDictionary(Dictionary values) {
      dictionary = new byte[values.getMaxId() + 1][];
      for (int i = 0; i < dictionary.length; i++) {
        dictionary[i] = values.decodeToBinary(i).getBytes();
      }
    }

    @Override
    public void addValueFromDictionary(int id) {
      row.setBytes(index, dictionary[id]);
    }

    @Override
    public void addBinary(Binary value) {
      row.setBytes(index, value.getBytes());
    }

    @Override
    public void addBoolean(boolean value) {
      row.setNumber(index, value ? 1 : 0);
    }

    @Override
    public void addDouble(double value) {
      row.setReal(index, value);
    }

    @Override
    public void addInt(int value) {
      row.setNumber(index, value);
    }

    @Override
    public void addLong(long value) {
      row.setNumber(index, value);
    }
  }
}
