package io.watershed.hive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.payload.ColumnType;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiveColumnsTest {
  private static LogicalColumn column(
      String name, List<ColumnType> types, LogicalColumn... members) {
    return new LogicalColumn(name, name, types, List.of(members));
  }

  private static String type(LogicalColumn column) {
    HiveColumns columns = HiveColumns.of(new LogicalSchema(List.of(column)));
    int index = columns.names().indexOf(column.name().toLowerCase());
    return index < 0 ? "none" : columns.types().get(index).getTypeName();
  }

  @Test
  void columnsHaveTheTypesOfTheView() {
    assertThat(type(column("a", List.of(ColumnType.LONG)))).isEqualTo("bigint");
    assertThat(type(column("a", List.of(ColumnType.LONG, ColumnType.DOUBLE)))).isEqualTo("double");
    assertThat(type(column("a", List.of(ColumnType.LONG, ColumnType.TEXT)))).isEqualTo("string");
    assertThat(type(column("Ok", List.of(ColumnType.BOOLEAN)))).isEqualTo("boolean");
    assertThat(type(column("a", List.of(ColumnType.JSON)))).isEqualTo("string");
  }

  @Test
  void membersThatHiveCannotNameAreLeftOut() {
    LogicalColumn good = column("City", List.of(ColumnType.TEXT));
    LogicalColumn bad = column("zip:code", List.of(ColumnType.TEXT));
    assertThat(type(column("c", List.of(ColumnType.STRUCT), good, bad)))
        .isEqualTo("struct<city:string>");
    assertThat(type(column("c", List.of(ColumnType.STRUCT), bad))).isEqualTo("string");
    assertThat(type(column("a,b", List.of(ColumnType.LONG)))).isEqualTo("none");
  }
}
