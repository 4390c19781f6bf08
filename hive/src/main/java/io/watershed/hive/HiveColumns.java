package io.watershed.hive;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoFactory;

/**
 * A stream's columns as Hive types them. Hive's names are of small letters, and its texts of types
 * know no other marks than {@code _ . $} and the blank: a column or member with others is left out,
 * and stays reachable through {@code _payload}.
 *
 * @param names in order
 * @param types of these
 */
record HiveColumns(List<String> names, List<TypeInfo> types) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.$ ]+");

  HiveColumns {
    names = List.copyOf(names);
    types = List.copyOf(types);
  }

  /** System columns, then those of the payload. */
  static HiveColumns of(LogicalSchema schema) {
    List<String> names = new ArrayList<>();
    List<TypeInfo> types = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      names.add(column.columnName());
      types.add(type(column));
    }
    for (LogicalColumn column : schema.columns()) {
      if (isName(column.name())) {
        names.add(column.name().toLowerCase(Locale.ROOT));
        types.add(type(column));
      }
    }
    return new HiveColumns(names, types);
  }

  /** A time is a TIMESTAMP, which has no zone: in UTC. */
  static TypeInfo type(SystemColumn column) {
    return switch (column.type()) {
      case TEXT -> TypeInfoFactory.stringTypeInfo;
      case LONG -> TypeInfoFactory.longTypeInfo;
      case TIMESTAMPTZ -> TypeInfoFactory.timestampTypeInfo;
      case BINARY -> TypeInfoFactory.binaryTypeInfo;
    };
  }

  static TypeInfo type(LogicalColumn column) {
    if (column.isStruct()) {
      List<String> names = new ArrayList<>();
      List<TypeInfo> types = new ArrayList<>();
      for (LogicalColumn member : column.members()) {
        if (isName(member.name())) {
          names.add(member.name().toLowerCase(Locale.ROOT));
          types.add(type(member));
        }
      }
      // Hive has no empty struct: a text says whether the object is there.
      return names.isEmpty()
          ? TypeInfoFactory.stringTypeInfo
          : TypeInfoFactory.getStructTypeInfo(names, types);
    }
    return type(column.widestType());
  }

  private static TypeInfo type(ColumnType type) {
    return switch (type) {
      case LONG -> TypeInfoFactory.longTypeInfo;
      case DOUBLE -> TypeInfoFactory.doubleTypeInfo;
      case BOOLEAN -> TypeInfoFactory.booleanTypeInfo;
      case TEXT, JSON -> TypeInfoFactory.stringTypeInfo;
      case STRUCT -> throw new IllegalArgumentException("a struct's type names its members");
    };
  }

  private static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }
}
