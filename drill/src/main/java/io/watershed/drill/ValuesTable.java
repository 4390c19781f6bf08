package io.watershed.drill;

import io.watershed.drill.read.ReadErrors;
import io.watershed.drill.system.SystemTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.drill.common.types.Types;
import org.apache.drill.exec.physical.base.GroupScan;
import org.apache.drill.exec.planner.logical.DrillTable;
import org.apache.drill.exec.planner.logical.DrillTableSelection;
import org.apache.drill.exec.store.direct.DirectGroupScan;
import org.apache.drill.exec.store.pojo.DynamicPojoRecordReader;
import org.jspecify.annotations.Nullable;

/** A table whose rows are in the plan. */
final class ValuesTable extends DrillTable {
  private final SystemTable table;
  private @Nullable GroupScan scan;

  ValuesTable(WatershedPlugin plugin, String userName, SystemTable table) {
    super(plugin.getName(), plugin, userName, new Selection(table.name()));
    this.table = table;
  }

  private record Selection(String table) implements DrillTableSelection {
    @Override
    public String digest() {
      return table;
    }
  }

  /** The rows are looked up once for each statement. */
  @Override
  public synchronized GroupScan getGroupScan() {
    GroupScan made =
        scan == null
            ? new DirectGroupScan(
                new DynamicPojoRecordReader<>(
                    new LinkedHashMap<>(table.columns()),
                    ReadErrors.translating(() -> table.rows())))
            : scan;
    scan = made;
    return made;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    List<RelDataType> types = new ArrayList<>();
    table
        .columns()
        .forEach(
            (name, type) ->
                types.add(factory.createTypeWithNullability(type(factory, type), true)));
    return factory.createStructType(types, List.copyOf(table.columns().keySet()));
  }

  private static RelDataType type(RelDataTypeFactory factory, Class<?> type) {
    if (type == String.class) {
      return factory.createSqlType(SqlTypeName.VARCHAR, Types.MAX_VARCHAR_LENGTH);
    }
    return factory.createSqlType(
        type == Long.class
            ? SqlTypeName.BIGINT
            : type == Boolean.class ? SqlTypeName.BOOLEAN : SqlTypeName.TIMESTAMP);
  }
}
