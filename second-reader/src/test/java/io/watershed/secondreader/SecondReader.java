package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cut.schema.LogicalColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks both engines the same of the same archives, and wants the same rows. */
final class SecondReader implements AutoCloseable {
  private final Pond pond;
  private final OtherEngine other;
  private int statements;
  private long rows;

  SecondReader(Pond pond, OtherEngine other, String... streams) throws Exception {
    this.pond = pond;
    this.other = other;
    for (String stream : streams) {
      other.add(pond, stream);
    }
  }

  List<LogicalColumn> columns(String stream) {
    return LogicalRows.of(pond, stream).payloadColumns();
  }

  /** The same rows; their order counts. */
  void sameInOrder(String sql) throws Exception {
    List<List<Object>> ours = pond.ask(sql);
    compare(sql, Answers.inOrder(ours), Answers.inOrder(other.query(sql)));
    count(ours);
  }

  /** The same rows, in any order. */
  void same(String sql) throws Exception {
    List<List<Object>> ours = pond.ask(sql);
    compare(sql, Answers.inAnyOrder(ours), Answers.inAnyOrder(other.query(sql)));
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
    other.close();
  }
}
