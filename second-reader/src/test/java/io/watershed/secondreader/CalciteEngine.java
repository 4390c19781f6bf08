package io.watershed.secondreader;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.DataContext;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A SQL engine that is not DuckDB: Apache Calcite over rows in memory. Quoted names as they are,
 * without regard to case.
 */
final class CalciteEngine implements AutoCloseable {
  private final Connection connection;

  CalciteEngine() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("unquotedCasing", "UNCHANGED");
    properties.setProperty("caseSensitive", "false");
    properties.setProperty("timeZone", "UTC");
    connection = DriverManager.getConnection("jdbc:calcite:", properties);
  }

  /** A column: its type, and its members if it is a struct. */
  record Column(String name, SqlTypeName type, List<Column> members) {
    static Column of(String name, SqlTypeName type) {
      return new Column(name, type, List.of());
    }

    RelDataType relType(RelDataTypeFactory types) {
      RelDataType bare =
          switch (type) {
            case ROW -> struct(types, members);
            case TIMESTAMP -> types.createSqlType(type, 3);
            default -> types.createSqlType(type);
          };
      return types.createTypeWithNullability(bare, true);
    }

    static RelDataType struct(RelDataTypeFactory types, List<Column> columns) {
      RelDataTypeFactory.Builder builder = types.builder();
      columns.forEach(column -> builder.add(column.name(), column.relType(types)));
      return builder.build();
    }
  }

  /** Adds a table; a cell is null or what Calcite computes with. */
  void add(String name, List<Column> columns, List<Object[]> rows) throws SQLException {
    connection.unwrap(CalciteConnection.class).getRootSchema().add(name, new Rows(columns, rows));
  }

  private static final class Rows extends AbstractTable implements ScannableTable {
    private final List<Column> columns;
    private final List<Object[]> rows;

    Rows(List<Column> columns, List<Object[]> rows) {
      this.columns = columns;
      this.rows = rows;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      return Column.struct(types, columns);
    }

    @Override
    public Enumerable<Object[]> scan(DataContext context) {
      return Linq4j.asEnumerable(rows);
    }
  }

  /** The rows of one SELECT. */
  List<List<Object>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(value(result.getObject(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static Object value(Object cell) throws SQLException {
    if (cell instanceof Struct struct) {
      List<Object> members = new ArrayList<>();
      for (Object member : struct.getAttributes()) {
        members.add(value(member));
      }
      return members;
    }
    return cell instanceof Object[] members ? value(Arrays.asList(members)) : cell;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
