package io.watershed.drill;

import io.watershed.drill.plan.TableColumns;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.drill.exec.physical.base.GroupScan;
import org.apache.drill.exec.planner.logical.DrillTable;
import org.apache.drill.exec.planner.logical.DrillTableSelection;

/** A pinned table for the planner. */
final class CutTable extends DrillTable {
  private final PinnedTable table;
  private final String userName;

  CutTable(PinnedTable table, String userName) {
    super(
        table.plugin().getName(),
        table.plugin(),
        userName,
        new Selection(table.name(), Integer.toHexString(System.identityHashCode(table.cut()))));
    this.table = table;
    this.userName = userName;
  }

  /**
   * Which table of which cut.
   *
   * @param table its name
   * @param cut tells cuts apart
   */
  record Selection(String table, String cut) implements DrillTableSelection {
    @Override
    public String digest() {
      return table + " " + cut;
    }
  }

  @Override
  public GroupScan getGroupScan() {
    return new WatershedGroupScan(userName, table);
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return TableColumns.rowType(table.scan().logical(), factory);
  }
}
