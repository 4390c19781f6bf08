package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.CreateView;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.query.Histories;
import io.watershed.query.view.EmittedView;
import io.watershed.query.view.ForeignEngine;
import io.watershed.reservoir.table.TableState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sql --emit-view} through the engines' own grammars, over columns of every kind. Athena's
 * is Trino's.
 */
class EmittedViewSyntaxTest {
  @TempDir static Path folder;
  private static Pond pond;
  private static TableState state;

  @BeforeAll
  static void archive() {
    pond = new Pond(folder, "orders");
    Histories history = new Histories(2);
    for (int i = 0; i < 4; i++) {
      history.nextBatch(40).forEach(payload -> pond.kinesis.put("orders", "key", payload));
    }
    put("{\"mixed\":1,\"deep\":{\"n\":1,\"inner\":{\"m\":true}}}");
    put("{\"mixed\":1.5,\"deep\":{\"n\":2.5,\"inner\":{\"m\":\"text\"}}}");
    pond.archive("orders");
    state = pond.reservoir.archive("orders").load();
  }

  private static void put(String json) {
    pond.kinesis.put("orders", "key", json.getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void close() {
    pond.close();
  }

  @Test
  void trinoParsesItsView() {
    String sql = emitted(ForeignEngine.TRINO);
    CreateView view = parse(sql);
    assertThat(view.getName().toString()).isEqualTo("orders_archive");
    assertThat(sql)
        .contains("FROM iceberg.watershed.\"orders\" AS physical")
        .contains("metadata_file_name => 'v" + state.metadataVersion() + ".metadata.json'");
  }

  @Test
  void athenasViewIsTrinosOverATableOfGlue() {
    String sql = emitted(ForeignEngine.ATHENA);
    assertThat(parse(sql).getName().toString()).isEqualTo("orders_archive");
    assertThat(sql)
        .contains("FROM \"orders\" AS physical")
        .contains("/metadata/v" + state.metadataVersion() + ".metadata.json");
  }

  @Test
  void sparkParsesItsView() {
    String sql = emitted(ForeignEngine.SPARK);
    assertThat(sparkTree(sql)).startsWith("(compoundOrSingleStatement").contains("named_struct");
    assertThatThrownBy(() -> sparkTree(sql.replaceFirst("named_struct\\(", "named_struct((")))
        .hasMessageContaining("line");
  }

  @Test
  void itHasTheColumnsOfTheViewInTheirOrder() {
    List<String> expected = new ArrayList<>();
    SystemColumn.all().forEach(column -> expected.add(column.columnName()));
    List<LogicalColumn> logical = LogicalSchema.of(state.schema()).columns();
    logical.forEach(column -> expected.add(column.name()));
    assertThat(pond.ask("DESCRIBE SELECT * FROM orders_archive").stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(new ArrayList<Object>(expected));
    List<String> columns = new ArrayList<>();
    for (String line : emitted(ForeignEngine.SPARK).split("\n", -1)) {
      if (line.startsWith("  ")) {
        int quote = line.replaceFirst(",$", "").lastIndexOf('`');
        columns.add(line.substring(line.lastIndexOf('`', quote - 1) + 1, quote));
      }
    }
    assertThat(columns).isEqualTo(expected);
  }

  @Test
  void whatItLeavesOutIsSaidAndTheTableCanHaveAnotherName() {
    String sql =
        EmittedView.of(ForeignEngine.SPARK, state, "s3://bucket/root", Optional.of("lake.raw.o"))
            .sql();
    assertThat(sql)
        .contains("-- Not in it: live records")
        .contains("rounds integers beyond 2^53")
        .contains("FROM lake.raw.o AS physical\nWHERE physical.`_replay_id` IS NULL;\n");
    assertThat(sparkTree(sql)).isNotEmpty();
    TableState empty = withSchema(PayloadSchema.EMPTY);
    String bare = EmittedView.of(ForeignEngine.TRINO, empty, "s3://b", Optional.empty()).sql();
    assertThat(bare).doesNotContain("rounds");
    assertThat(parse(bare).getName().toString()).isEqualTo("orders_archive");
  }

  private static TableState withSchema(PayloadSchema schema) {
    return new TableState(
        state.stream(),
        state.tableUuid(),
        state.metadataVersion(),
        state.snapshotId(),
        state.snapshotTime(),
        state.generation(),
        state.incarnations(),
        state.checkpoints(),
        state.gaps(),
        schema);
  }

  private static String emitted(ForeignEngine engine) {
    return EmittedView.of(engine, state, "s3://bucket/root", Optional.empty()).sql();
  }

  private static CreateView parse(String sql) {
    String statement = sql.strip();
    return (CreateView)
        new SqlParser().createStatement(statement.substring(0, statement.length() - 1));
  }

  /** Spark folds case before its lexer, outside of what is quoted. */
  private static String sparkTree(String sql) {
    SqlBaseLexer lexer = new SqlBaseLexer(CharStreams.fromString(sql));
    SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer));
    lexer.removeErrorListeners();
    lexer.addErrorListener(new Strict());
    parser.removeErrorListeners();
    parser.addErrorListener(new Strict());
    return parser.compoundOrSingleStatement().toStringTree(parser);
  }

  private static final class Strict extends BaseErrorListener {
    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        Object symbol,
        int line,
        int column,
        String message,
        RecognitionException e) {
      throw new IllegalArgumentException("line " + line + ":" + column + " " + message);
    }
  }
}
