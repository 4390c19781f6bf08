package io.watershed.query.view;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.reservoir.table.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The archived side of a stream's view as a CREATE VIEW for another engine over the same table: the
 * same logical columns, without kept copies.
 *
 * @param engine the engine
 * @param metadataVersion of the table, whose columns it has
 * @param sql comments and one statement, which ends with a semicolon
 */
public record EmittedView(ForeignEngine engine, long metadataVersion, String sql) {

  /**
   * The view of {@code <stream>_archive}.
   *
   * @param state the archive's present state
   * @param root the reservoir, as the engine reaches it
   * @param table the table's name in the engine, as SQL; empty for the usual one
   */
  public static EmittedView of(
      ForeignEngine engine, TableState state, String root, Optional<String> table) {
    String stream = state.stream();
    List<String> lines = new ArrayList<>();
    comments(engine, state, root).forEach(line -> lines.add("-- " + line));
    String view = stream.replaceAll("[^A-Za-z0-9_]", "_") + "_archive";
    lines.add("CREATE OR REPLACE VIEW " + engine.dialect().name(view) + " AS");
    lines.add("SELECT");
    lines.add("  " + String.join(",\n  ", columns(engine.dialect(), state.schema())));
    lines.add("FROM " + table.orElseGet(() -> engine.table(stream)) + " AS physical");
    lines.add(
        "WHERE physical."
            + engine.dialect().name(SystemColumn.REPLAY_ID.columnName())
            + " IS NULL;");
    return new EmittedView(engine, state.metadataVersion(), String.join("\n", lines) + "\n");
  }

  private static List<String> columns(SelectDialect dialect, PayloadSchema schema) {
    List<String> columns = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      columns.add("physical." + dialect.name(column.columnName()));
    }
    columns.addAll(
        new LogicalSelect(dialect)
            .items(LogicalSchema.of(schema).columns(), schema, schema, "physical"));
    return columns;
  }

  private static List<String> comments(ForeignEngine engine, TableState state, String root) {
    String file = "v" + state.metadataVersion() + ".metadata.json";
    List<String> lines = new ArrayList<>();
    lines.add(
        "What is archived of '"
            + state.stream()
            + "', each record once, for "
            + engine.title()
            + ": the columns of "
            + file
            + ".");
    lines.add("Not in it: live records, which no table holds; copies kept of replayed records.");
    lines.add("Print it again when the stream has grown columns.");
    lines.add("A value that came before its column is in _payload only, until compaction.");
    if (LogicalSchema.of(state.schema()).columns().stream().anyMatch(EmittedView::mixesNumbers)) {
      lines.add("A column of longs and doubles is a double: it rounds integers beyond 2^53.");
    }
    lines.addAll(engine.setting(state.stream(), root, file));
    return lines;
  }

  private static boolean mixesNumbers(LogicalColumn column) {
    return column.isStruct()
        ? column.members().stream().anyMatch(EmittedView::mixesNumbers)
        : column.types().size() > 1 && column.widestType() == ColumnType.DOUBLE;
  }
}
