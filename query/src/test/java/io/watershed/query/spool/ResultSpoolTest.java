package io.watershed.query.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultSpoolTest {
  private static final List<ResultColumn> COLUMNS =
      List.of(new ResultColumn("n", "BIGINT"), new ResultColumn("t", "VARCHAR"));

  @TempDir private Path folder;

  @Test
  void rowsAreReadFromAnyPlaceAlsoWhileOthersAreWritten() throws Exception {
    try (ResultSpool spool = new ResultSpool(folder.resolve("r"), 1 << 30)) {
      spool.begin(COLUMNS);
      assertThat(read(spool, 0, 10)).isEmpty();
      for (long i = 0; i < 50_000; i++) {
        spool.row(new Object[] {i, "row " + i});
      }
      long visible = spool.rows();
      assertThat(visible).isBetween(1L, 50_000L);
      assertThat(read(spool, visible - 1, 10)).containsExactly("row " + (visible - 1));

      spool.end(null);

      assertThat(spool.rows()).isEqualTo(50_000);
      for (long offset : new long[] {0, 999, 1_000, 1_001, 49_999}) {
        assertThat(read(spool, offset, 1)).containsExactly("row " + offset);
      }
      assertThat(read(spool, 50_000, 1)).isEmpty();
      assertThat(read(spool, 0, Long.MAX_VALUE)).hasSize(50_000);
      assertThat(Files.size(folder.resolve("r"))).isEqualTo(spool.bytes());
    }
    assertThat(folder.resolve("r")).doesNotExist();
  }

  @Test
  void aFullFileKeepsTheRowsThatFitAndRefusesMore() throws Exception {
    try (ResultSpool spool = new ResultSpool(folder.resolve("r"), 1_000)) {
      spool.begin(COLUMNS);

      assertThatThrownBy(
              () -> {
                for (long i = 0; i < 1_000; i++) {
                  spool.row(new Object[] {i, "row " + i});
                }
              })
          .isInstanceOf(ResultSpool.Full.class);

      assertThat(spool.isFull()).isTrue();
      assertThat(spool.bytes()).isBetween(900L, 1_000L);
      assertThat(read(spool, 0, 1_000)).hasSize((int) spool.rows()).startsWith("row 0", "row 1");
    }
  }

  private static List<String> read(ResultSpool spool, long offset, long limit) throws Exception {
    List<String> rows = new ArrayList<>();
    spool.copy(
        offset,
        limit,
        new ResultSink() {
          @Override
          public void begin(List<ResultColumn> columns) {
            assertThat(columns).isEqualTo(COLUMNS);
          }

          @Override
          public void row(Object[] values) {
            rows.add((String) values[1]);
          }

          @Override
          public void end(QueryOutcome outcome) {
            throw new IllegalStateException("end is the caller's");
          }
        });
    return rows;
  }
}
