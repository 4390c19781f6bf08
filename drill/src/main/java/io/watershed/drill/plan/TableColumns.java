package io.watershed.drill.plan;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.drill.common.types.TypeProtos.MinorType;
import org.apache.drill.common.types.Types;
import org.apache.drill.exec.record.metadata.MapBuilder;
import org.apache.drill.exec.record.metadata.SchemaBuilder;
import org.apache.drill.exec.record.metadata.TupleMetadata;

/**
 * The columns of a table: those of the embedded view in its order, and behind the arrival time its
 * microseconds, because Drill's timestamps have milliseconds.
 */
public final class TableColumns {
  /** Microseconds since the epoch. No payload's column begins with an underscore. */
  public static final String ARRIVAL_MICROS = "_arrival_time_micros";

  private TableColumns() {}

  /** The columns for the planner; all of them can be NULL. */
  public static RelDataType rowType(List<LogicalColumn> logical, RelDataTypeFactory factory) {
    List<String> names = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      names.add(column.columnName());
      types.add(nullable(factory, type(factory, minor(column.type()))));
      if (column == SystemColumn.ARRIVAL_TIME) {
        names.add(ARRIVAL_MICROS);
        types.add(nullable(factory, factory.createSqlType(SqlTypeName.BIGINT)));
      }
    }
    for (LogicalColumn column : logical) {
      names.add(column.name());
      types.add(nullable(factory, type(factory, column)));
    }
    return factory.createStructType(types, names);
  }

  /**
   * A struct is of ANY type here, and its members come out at their types when it is read. Of a ROW
   * Calcite would make its leaves, and a projection for each of them to put them together again.
   */
  private static RelDataType type(RelDataTypeFactory factory, LogicalColumn column) {
    return column.isStruct()
        ? factory.createSqlType(SqlTypeName.ANY)
        : type(factory, minor(column.widestType()));
  }

  private static RelDataType type(RelDataTypeFactory factory, MinorType type) {
    return switch (type) {
      case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
      case FLOAT8 -> factory.createSqlType(SqlTypeName.DOUBLE);
      case BIT -> factory.createSqlType(SqlTypeName.BOOLEAN);
      case TIMESTAMP ->
          factory.createSqlType(SqlTypeName.TIMESTAMP, Types.DEFAULT_TIMESTAMP_PRECISION);
      case VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY, Types.MAX_VARCHAR_LENGTH);
      case VARCHAR -> factory.createSqlType(SqlTypeName.VARCHAR, Types.MAX_VARCHAR_LENGTH);
      default -> throw new IllegalArgumentException("no column is " + type);
    };
  }

  private static RelDataType nullable(RelDataTypeFactory factory, RelDataType type) {
    return factory.createTypeWithNullability(type, true);
  }

  /**
   * The columns for readers, all of them OPTIONAL; a struct is a MAP, which Drill has no NULL of.
   */
  public static TupleMetadata schema(List<LogicalColumn> logical) {
    SchemaBuilder builder = new SchemaBuilder();
    for (SystemColumn column : SystemColumn.all()) {
      builder.addNullable(column.columnName(), minor(column.type()));
      if (column == SystemColumn.ARRIVAL_TIME) {
        builder.addNullable(ARRIVAL_MICROS, MinorType.BIGINT);
      }
    }
    for (LogicalColumn column : logical) {
      if (column.isStruct()) {
        add(builder.addMap(column.name()), column.members()).resumeSchema();
      } else {
        builder.addNullable(column.name(), minor(column.widestType()));
      }
    }
    return builder.buildSchema();
  }

  private static MapBuilder add(MapBuilder map, List<LogicalColumn> members) {
    for (LogicalColumn member : members) {
      if (member.isStruct()) {
        add(map.addMap(member.name()), member.members()).resumeMap();
      } else {
        map.addNullable(member.name(), minor(member.widestType()));
      }
    }
    return map;
  }

  private static MinorType minor(SystemColumn.Type type) {
    return switch (type) {
      case TEXT -> MinorType.VARCHAR;
      case LONG -> MinorType.BIGINT;
      case TIMESTAMPTZ -> MinorType.TIMESTAMP;
      case BINARY -> MinorType.VARBINARY;
    };
  }

  private static MinorType minor(ColumnType type) {
    return switch (type) {
      case LONG -> MinorType.BIGINT;
      case DOUBLE -> MinorType.FLOAT8;
      case BOOLEAN -> MinorType.BIT;
      case TEXT, JSON -> MinorType.VARCHAR;
      case STRUCT -> throw new IllegalArgumentException("a struct is a map");
    };
  }
}
