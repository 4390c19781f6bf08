package io.watershed.hive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadPath;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.hive.serde2.objectinspector.StructField;
import org.apache.hadoop.hive.serde2.objectinspector.StructObjectInspector;
import org.apache.hadoop.hive.serde2.typeinfo.StructTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoFactory;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes a view's payload columns of shredded payloads, as Hive types them. A declared type must be
 * that of the view's column, STRING, or DOUBLE for whole numbers (beyond 2^53 it rounds them, as
 * the view's own column of mixed numbers does); any other is refused when the query is planned.
 */
final class PayloadValues {
  private final String stream;
  private final LogicalSchema schema;
  private final PayloadLayout layout;
  private final BitSet wanted = new BitSet();

  /**
   * @param stream for messages
   * @param schema the cut's columns
   */
  PayloadValues(String stream, LogicalSchema schema) {
    this.stream = stream;
    this.schema = schema;
    this.layout = PayloadLayout.of(schema.physical(PayloadSchema.EMPTY));
  }

  PayloadLayout layout() {
    return layout;
  }

  /** The slots that the columns so far read. */
  BitSet wanted() {
    return (BitSet) wanted.clone();
  }

  /**
   * A column of the table.
   *
   * @param name as the table declares it
   * @param type as the table declares it
   * @throws WatershedException {@code invalid-input} for a column that the cut does not have, or
   *     has with another type
   */
  RowValue column(String name, TypeInfo type) {
    LogicalColumn column =
        find(schema.columns(), name)
            .orElseThrow(
                () ->
                    refused(
                        "has no column '" + name + "' in its payloads",
                        "Its values, if there are any, are in _payload."));
    Function<PayloadRow, @Nullable Object> value = value(column, name, PayloadPath.ROOT, type);
    return (record, row) -> value.apply(row);
  }

  private static Optional<LogicalColumn> find(List<LogicalColumn> columns, String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    return columns.stream()
        .filter(column -> column.name().toLowerCase(Locale.ROOT).equals(folded))
        .findFirst();
  }

  private Function<PayloadRow, @Nullable Object> value(
      LogicalColumn column, String name, PayloadPath above, TypeInfo type) {
    PayloadPath path = above.child(column.key());
    if (column.isStruct()) {
      return struct(column, name, path, type);
    }
    TypeInfo own = HiveColumns.type(column);
    boolean text = type.equals(TypeInfoFactory.stringTypeInfo);
    boolean asDouble =
        type.equals(TypeInfoFactory.doubleTypeInfo)
            && column.types().equals(List.of(ColumnType.LONG));
    if (!type.equals(own) && !text && !asDouble) {
      throw otherType(name, type, own);
    }
    List<Function<PayloadRow, @Nullable Object>> siblings = new ArrayList<>();
    for (ColumnType sibling : column.types()) {
      siblings.add(leaf(want(path, sibling), sibling, type));
    }
    return row -> {
      for (Function<PayloadRow, @Nullable Object> sibling : siblings) {
        Object found = sibling.apply(row);
        if (found != null) {
          return found;
        }
      }
      return null;
    };
  }

  private Function<PayloadRow, @Nullable Object> struct(
      LogicalColumn column, String name, PayloadPath path, TypeInfo type) {
    int slot = want(path, ColumnType.STRUCT);
    if (!(type instanceof StructTypeInfo declared)) {
      TypeInfo own = HiveColumns.type(column);
      if (!type.equals(own)) {
        throw otherType(name, type, own);
      }
      return row -> row.isPresent(slot) ? "{}" : null;
    }
    List<Function<PayloadRow, @Nullable Object>> members = new ArrayList<>();
    for (String member : members(declared)) {
      String full = name + "." + member;
      LogicalColumn found =
          find(column.members(), member)
              .orElseThrow(
                  () -> refused("has no member '" + full + "'", "Create the table again."));
      members.add(value(found, full, path, declared.getStructFieldTypeInfo(member)));
    }
    return row -> {
      if (!row.isPresent(slot)) {
        return null;
      }
      @Nullable Object[] values = new @Nullable Object[members.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = members.get(i).apply(row);
      }
      return Arrays.asList(values);
    };
  }

  /** By its inspector: the type's own list is another class in Hive 3 than in Hive 4. */
  private static List<String> members(StructTypeInfo type) {
    StructObjectInspector inspector =
        (StructObjectInspector) TypeInfoUtils.getStandardJavaObjectInspectorFromTypeInfo(type);
    List<String> names = new ArrayList<>();
    for (StructField field : inspector.getAllStructFieldRefs()) {
      names.add(field.getFieldName());
    }
    return names;
  }

  private static Function<PayloadRow, @Nullable Object> leaf(
      int slot, ColumnType sibling, TypeInfo type) {
    boolean text = type.equals(TypeInfoFactory.stringTypeInfo);
    boolean asDouble = type.equals(TypeInfoFactory.doubleTypeInfo);
    return row -> {
      if (!row.isPresent(slot)) {
        return null;
      }
      Object value =
          switch (sibling) {
            case LONG ->
                asDouble ? (Object) (double) row.longValue(slot) : (Object) row.longValue(slot);
            case DOUBLE -> row.doubleValue(slot);
            case BOOLEAN -> row.booleanValue(slot);
            case TEXT, JSON -> new String(row.utf8(slot), StandardCharsets.UTF_8);
            case STRUCT -> throw new IllegalStateException("a struct is no leaf");
          };
      return text ? value.toString() : value;
    };
  }

  private int want(PayloadPath path, ColumnType type) {
    for (PayloadLayout.Slot slot : layout.slots()) {
      if (slot.path().equals(path) && slot.column().type() == type) {
        wanted.set(slot.index());
        return slot.index();
      }
    }
    throw new IllegalStateException("the layout lacks a column of its own schema: " + path);
  }

  private WatershedException otherType(String name, TypeInfo declared, TypeInfo own) {
    return refused(
        "has values of the type "
            + own.getTypeName()
            + " in the column '"
            + name
            + "', which the table declares as "
            + declared.getTypeName(),
        "Create the table again, with this type, with STRING, or without columns.");
  }

  private WatershedException refused(String why, String hint) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT, "the stream '" + stream + "' " + why, hint);
  }
}
