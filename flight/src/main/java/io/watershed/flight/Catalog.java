package io.watershed.flight;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.query.gate.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What there is to ask: the views of the streams, which are in a schema without a name, and the
 * tables of the schema {@code watershed}. There are no catalogs. Thread-safe.
 */
final class Catalog {
  private static final String NO_SCHEMA = "";
  private static final String SYSTEM_SCHEMA = "watershed";
  private static final String TABLE = "TABLE";
  private static final String SYSTEM_TABLE = "SYSTEM TABLE";

  private final QueryEngine engine;
  private final Supplier<List<String>> names;

  /**
   * @param names of tables as SQL names them, with their schema if they are in one
   */
  Catalog(QueryEngine engine, Supplier<List<String>> names) {
    this.engine = engine;
    this.names = names;
  }

  /** A table. */
  private record Table(String schema, String name) {
    static Table of(String text) {
      String system = SYSTEM_SCHEMA + ".";
      return text.startsWith(system)
          ? new Table(SYSTEM_SCHEMA, text.substring(system.length()))
          : new Table(NO_SCHEMA, text);
    }

    String type() {
      return schema.isEmpty() ? TABLE : SYSTEM_TABLE;
    }

    String sql() {
      String written = io.watershed.query.Catalog.quoted(name);
      return schema.isEmpty() ? written : schema + "." + written;
    }

    /** A pattern that means the views of streams by the engine's own name of their schema does. */
    boolean isIn(Pattern pattern) {
      return pattern.matcher(schema).matches()
          || (schema.isEmpty() && pattern.matcher(TableName.MAIN).matches());
    }
  }

  /** The columns of a statement's result, without running it. */
  Schema schema(SqlRequest request) {
    Described columns = new Described();
    SqlRequest described =
        new SqlRequest("DESCRIBE " + request.sql(), request.asOf(), request.live());
    try {
      engine.execute(described, columns);
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.SQL) {
        throw e;
      }
      // It is none that can be described, such as a DESCRIBE; or it is wrong, and says so itself.
      return begun(request);
    }
    return columns.schema();
  }

  /** Of a statement that runs until its columns are there. */
  private Schema begun(SqlRequest request) {
    First first = new First();
    try {
      engine.execute(request, first);
    } catch (WatershedException e) {
      if (!first.begun) {
        throw e;
      }
    }
    return schemaOf(first.columns);
  }

  /** Writes the schemas that the command asks for; the streams are in one without a name. */
  void schemas(CommandGetDbSchemas command, VectorSchemaRoot root) {
    int row = 0;
    Pattern wanted = like(command.hasDbSchemaFilterPattern(), command.getDbSchemaFilterPattern());
    for (String schema : List.of(NO_SCHEMA, SYSTEM_SCHEMA)) {
      if (noCatalog(command.hasCatalog(), command.getCatalog())
          && wanted.matcher(schema).matches()) {
        set(root, "db_schema_name", row++, schema);
      }
    }
    root.setRowCount(row);
  }

  /** Writes the kinds of tables. */
  void tableTypes(VectorSchemaRoot root) {
    set(root, "table_type", 0, TABLE);
    set(root, "table_type", 1, SYSTEM_TABLE);
    root.setRowCount(2);
  }

  /** Writes the tables that the command asks for, with their columns if it wants them. */
  void tables(CommandGetTables command, VectorSchemaRoot root) {
    int row = 0;
    for (Table table : wanted(command)) {
      set(root, "db_schema_name", row, table.schema());
      set(root, "table_name", row, table.name());
      set(root, "table_type", row, table.type());
      if (command.getIncludeSchema()) {
        Schema columns = schema(SqlRequest.of("SELECT * FROM " + table.sql()).with(LiveMode.OFF));
        ((VarBinaryVector) root.getVector("table_schema"))
            .setSafe(row, columns.serializeAsMessage());
      }
      row++;
    }
    root.setRowCount(row);
  }

  private List<Table> wanted(CommandGetTables command) {
    List<Table> tables = new ArrayList<>();
    if (!noCatalog(command.hasCatalog(), command.getCatalog())) {
      return tables;
    }
    Pattern schema = like(command.hasDbSchemaFilterPattern(), command.getDbSchemaFilterPattern());
    Pattern name = like(command.hasTableNameFilterPattern(), command.getTableNameFilterPattern());
    for (String text : names.get()) {
      Table table = Table.of(text);
      if (table.isIn(schema)
          && name.matcher(table.name()).matches()
          && (command.getTableTypesCount() == 0
              || command.getTableTypesList().contains(table.type()))) {
        tables.add(table);
      }
    }
    return tables;
  }

  private static boolean noCatalog(boolean asked, String catalog) {
    return !asked || catalog.isEmpty();
  }

  /** SQL's pattern: % any characters, _ any one, a backslash takes the next as it is. */
  private static Pattern like(boolean asked, String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(pattern.substring(i + 1, i + 2)));
        i++;
      } else if (c == '%') {
        regex.append(".*");
      } else if (c == '_') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(asked ? regex.toString() : ".*", Pattern.DOTALL);
  }

  private static void set(VectorSchemaRoot root, String column, int row, String text) {
    ((VarCharVector) root.getVector(column)).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Gathers what DESCRIBE says. */
  private static final class Described implements ResultSink {
    private final List<ResultColumn> columns = new ArrayList<>();

    @Override
    public void begin(List<ResultColumn> ignored) {}

    @Override
    public void row(@Nullable Object[] values) {
      columns.add(new ResultColumn(String.valueOf(values[0]), String.valueOf(values[1])));
    }

    @Override
    public void end(QueryOutcome outcome) {}

    Schema schema() {
      return schemaOf(columns);
    }
  }

  /** Takes the columns, and ends the statement. */
  private static final class First implements ResultSink {
    private List<ResultColumn> columns = List.of();
    private boolean begun;

    @Override
    public void begin(List<ResultColumn> result) throws IOException {
      columns = result;
      begun = true;
      throw new IOException("the columns are all that is wanted");
    }

    @Override
    public void row(@Nullable Object[] values) {}

    @Override
    public void end(QueryOutcome outcome) {}
  }

  private static Schema schemaOf(List<ResultColumn> columns) {
    return new Schema(columns.stream().map(column -> ArrowColumn.of(column).field()).toList());
  }
}
