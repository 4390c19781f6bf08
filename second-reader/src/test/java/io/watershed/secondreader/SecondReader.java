package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cut.schema.LogicalColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/** Asks both engines the same of the same archives, and wants the same rows. */
final class SecondReader implements AutoCloseable {
  private final Pond pond;
  private final CalciteEngine calcite;
  private int statements;
  private long rows;

  SecondReader(Pond pond, String... streams) throws Exception {
    this.pond = pond;
    this.calcite = new CalciteEngine();
    for (String stream : streams) {
      Table table = IcebergRows.open(pond.root, stream);
      List<Record> records = IcebergRows.all(table);
      LogicalRows logical = logical(stream);
      calcite.add(stream + "_archive", logical.columns(), logical.of(records));
    }
  }

  LogicalRows logical(String stream) {
    return new LogicalRows(pond.reservoir.archive(stream).load().schema());
  }

  List<LogicalColumn> columns(String stream) {
    return logical(stream).payloadColumns();
  }

  /** The same rows; their order counts. */
  void sameInOrder(String sql) throws Exception {
    List<List<Object>> ours = pond.ask(sql);
    compare(sql, Answers.inOrder(ours), Answers.inOrder(calcite.query(sql)));
    count(ours);
  }

  /** The same rows, in any order. */
  void same(String sql) throws Exception {
    List<List<Object>> ours = pond.ask(sql);
    compare(sql, Answers.inAnyOrder(ours), Answers.inAnyOrder(calcite.query(sql)));
    count(ours);
  }

  /** Row by row, so that a failure shows one. */
  private static void compare(String sql, List<String> ours, List<String> theirs) {
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      String one = ours.get(i);
      int at = Arrays.mismatch(one.toCharArray(), theirs.get(i).toCharArray());
      assertThat(one)
          .as("row %d of %s differs at character %d", i, sql, at)
          .isEqualTo(theirs.get(i));
    }
    assertThat(ours).as("rows of %s", sql).hasSameSizeAs(theirs);
  }

  private void count(List<List<Object>> ours) {
    statements++;
    rows += ours.size();
  }

  int statements() {
    return statements;
  }

  long rows() {
    return rows;
  }

  /** Texts of a column that can stand in a statement. */
  List<String> some(String sql, int atMost) {
    List<String> texts = new ArrayList<>();
    for (List<Object> row : pond.ask(sql)) {
      if (texts.size() < atMost && row.get(0) != null) {
        texts.add(row.get(0).toString());
      }
    }
    return texts;
  }

  @Override
  public void close() throws Exception {
    calcite.close();
  }
}
