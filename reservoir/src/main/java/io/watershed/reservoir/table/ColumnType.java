package io.watershed.reservoir.table;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A top-level column of a table, for catalogs that describe columns in Hive's words.
 *
 * @param id Iceberg's id of the field
 * @param name as in the data files
 * @param isOptional whether it may be NULL
 * @param hiveType such as {@code bigint} or {@code struct<city:string>}
 */
public record ColumnType(int id, String name, boolean isOptional, String hiveType) {
  static List<ColumnType> of(Schema schema) {
    return schema.columns().stream()
        .map(
            field ->
                new ColumnType(
                    field.fieldId(), field.name(), field.isOptional(), type(field.type())))
        .toList();
  }

  /** Hive's name: https://docs.aws.amazon.com/athena/latest/ug/data-types.html. */
  private static String type(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "int";
      case LONG -> "bigint";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case DATE -> "date";
      case TIMESTAMP -> "timestamp";
      case BINARY, FIXED -> "binary";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "decimal(%d,%d)".formatted(decimal.precision(), decimal.scale());
      }
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(field -> field.name() + ":" + type(field.type()))
              .collect(Collectors.joining(",", "struct<", ">"));
      case LIST -> "array<" + type(type.asListType().elementType()) + ">";
      case MAP ->
          "map<"
              + type(type.asMapType().keyType())
              + ","
              + type(type.asMapType().valueType())
              + ">";
      default -> "string";
    };
  }
}
