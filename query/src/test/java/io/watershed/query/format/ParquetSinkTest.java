package io.watershed.query.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.StatementReport;
import io.watershed.query.view.ResultValues;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back by DuckDB, which shares no code with the writer. */
class ParquetSinkTest {
  private static final QueryOutcome OUTCOME =
      new QueryOutcome(
          0,
          new Receipt("0123456789ab", "{}", Instant.EPOCH, List.of()),
          Duration.ZERO,
          List.of(),
          new StatementReport(List.of(), List.of()));

  /** Every type of DuckDB's that has a Parquet type of its own, with its edges. */
  private static final List<String> SAME_TYPE =
      List.of(
          "(true), (false), (NULL)",
          "(127::TINYINT), ((-128)::TINYINT), (NULL)",
          "(32767::SMALLINT), ((-32768)::SMALLINT)",
          "(2147483647), (-2147483648)",
          "(9223372036854775807), (-9223372036854775808), (0)",
          "(255::UTINYINT), (0::UTINYINT)",
          "(65535::USMALLINT)",
          "(4294967295::UINTEGER)",
          "(18446744073709551615::UBIGINT), (0::UBIGINT)",
          "(1.5::FLOAT), (0.1::FLOAT), ('nan'::FLOAT), ('-inf'::FLOAT)",
          "(0.1::DOUBLE), (-0.0::DOUBLE), ('inf'::DOUBLE), (1e308)",
          "(12345.67::DECIMAL(9,2)), (-0.01::DECIMAL(9,2))",
          "(1234567890123456.78::DECIMAL(18,2))",
          "(12345678901234567890123456789012345.678::DECIMAL(38,3)), (-0.001::DECIMAL(38,3))",
          "('text'), (''), ('Köln 🙂'), (NULL)",
          "('\\x00\\xFF'::BLOB), (''::BLOB)",
          "('{\"a\": [1, null]}'::JSON)",
          "('2026-11-28'::DATE), ('0001-01-01'::DATE)",
          "('23:59:59.999999'::TIME), ('00:00:00'::TIME)",
          "('2026-03-29 02:30:00.123456'::TIMESTAMP), ('1582-10-04'::TIMESTAMP)",
          "('2026-03-29 02:30:00.123456789'::TIMESTAMP_NS)",
          "('2026-03-29 02:30:00.123456+02'::TIMESTAMPTZ), ('1969-12-31 23:59:59.5Z'::TIMESTAMPTZ)",
          "('c4bb36cd-1086-4d52-ae09-3289fa1eb496'::UUID)",
          "({'city': 'Köln', 'at': {'x': 1, 'y': NULL::DOUBLE}}), (NULL)",
          "({'a b': 1, 'x\"y': [1.50::DECIMAL(5,2)]})",
          "([1, NULL, 3]), ([]::INTEGER[]), (NULL)",
          "([[1], [], NULL, [2, 3]])",
          "([{'j': '{}'::JSON, 'b': 'x'::BLOB, 't': '2026-01-01'::TIMESTAMP}])",
          "(MAP {'a': [1], 'b': NULL}), (MAP {}::MAP(VARCHAR, INTEGER[]))");

  @TempDir Path folder;
  private Connection duckdb;

  @BeforeEach
  void open() throws Exception {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }

  @AfterEach
  void close() throws Exception {
    duckdb.close();
  }

  @Test
  void eachTypeComesBackAsItselfWithTheSameValues() throws Exception {
    for (String values : SAME_TYPE) {
      String select = "SELECT v FROM (VALUES " + values + ") t(v)";
      Path file = write(select);
      String read = "SELECT v FROM read_parquet('" + file + "')";
      assertThat(types(read)).as(values).isEqualTo(types(select));
      assertThat(texts(read)).as(values).isEqualTo(texts(select));
    }
  }

  @Test
  void whatParquetHasNoTypeForIsTextOrADecimal() throws Exception {
    Path file =
        write(
            "SELECT 170141183460469231731::HUGEINT AS h, INTERVAL 1 DAY AS i, '101'::BIT AS b,"
                + " 'x'::ENUM('x', 'y') AS e, MAP {1: 'one'} AS m, row(1, 2) AS r, NULL AS n,"
                + " union_value(num := 1) AS u");
    String read = "SELECT * FROM read_parquet('" + file + "')";
    assertThat(types(read))
        .containsExactly(
            "DECIMAL(38,0)", "VARCHAR", "VARCHAR", "VARCHAR", "JSON", "JSON", "VARCHAR", "JSON");
    assertThat(texts(read))
        .containsExactly(
            "170141183460469231731|1 day|101|x|{\"1\":\"one\"}|"
                + "{\"element1\":1,\"element2\":2}|NULL|1");
  }

  @Test
  void aValueThatItsTypeCannotHoldIsAnErrorAndNotAnotherValue() {
    for (String value :
        List.of(
            "170141183460469231731687303715884105727::HUGEINT",
            "'infinity'::TIMESTAMP",
            "'-infinity'::DATE",
            "'infinity'::TIMESTAMPTZ")) {
      assertThatThrownBy(() -> write("SELECT " + value + " AS v"))
          .as(value)
          .isInstanceOf(WatershedException.class)
          .hasMessageContaining("the column 'v' holds");
    }
  }

  @Test
  void columnsOfOneNameAreToldApartAndTheReceiptIsInTheFooter() throws Exception {
    Path file = write("SELECT 1 AS n, 2 AS n");
    assertThat(texts("SELECT n, n_2 FROM read_parquet('" + file + "')")).containsExactly("1|2");
    assertThat(
            texts(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata('"
                    + file
                    + "') WHERE decode(key) = 'watershed.receipt'"))
        .containsExactly("watershed.receipt|0123456789ab");
  }

  @Test
  void anEmptyResultIsAFileWithColumns() throws Exception {
    Path file = write("SELECT 1 AS n WHERE false");
    assertThat(texts("SELECT count(*) FROM read_parquet('" + file + "')")).containsExactly("0");
    assertThat(types("SELECT * FROM read_parquet('" + file + "')")).containsExactly("INTEGER");
  }

  @Test
  void manyRowsPassInRowGroupsOfBoundedSize() throws Exception {
    // Noise, which neither dictionaries nor zstd make small.
    Path file = folder.resolve("large.parquet");
    CountingStream counting = new CountingStream(Files.newOutputStream(file));
    ParquetSink sink = new ParquetSink(counting);
    sink.begin(List.of(new ResultColumn("id", "BIGINT"), new ResultColumn("text", "VARCHAR")));
    long writtenBefore = 0;
    long mostHeld = 0;
    java.util.SplittableRandom random = new java.util.SplittableRandom(7);
    long given = 0;
    for (long id = 0; id < 1_000; id++) {
      byte[] noise = new byte[60_000];
      random.nextBytes(noise);
      String text = java.util.Base64.getEncoder().encodeToString(noise);
      sink.row(new Object[] {id, text});
      given += text.length();
      if (counting.count != writtenBefore) {
        writtenBefore = counting.count;
        given = 0;
      }
      mostHeld = Math.max(mostHeld, given);
    }
    sink.end(OUTCOME);
    counting.close();
    assertThat(mostHeld).isLessThan(48 << 20);
    assertThat(texts("SELECT count(*), sum(id), sum(length(text)) FROM '" + file + "'"))
        .containsExactly("1000|499500|80000000");
    assertThat(texts("SELECT max(row_group_id) >= 1 FROM parquet_metadata('" + file + "')"))
        .containsExactly("true");
  }

  @Test
  void aRowGroupHasAtMostAsManyRowsAsDuckDbsOwn() throws Exception {
    Path file = write("SELECT range AS n, 'k' || range % 5 AS k FROM range(300000)");
    assertThat(
            texts(
                "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('"
                    + file
                    + "') ORDER BY 1"))
        .containsExactly("0|122880", "1|122880", "2|54240");
    assertThat(texts("SELECT sum(n), count(DISTINCT k) FROM '" + file + "' WHERE n >= 122880"))
        .containsExactly("37450164240|5");
  }

  private Path write(String select) throws Exception {
    Path file = Files.createTempFile(folder, "result", ".parquet");
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(select);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      ResultValues values = ResultValues.of(rows.getMetaData());
      ParquetSink sink = new ParquetSink(out);
      sink.begin(values.columns());
      Object[] row = new Object[values.columns().size()];
      while (rows.next()) {
        values.read(rows, row);
        sink.row(row);
      }
      sink.end(OUTCOME);
    }
    return file;
  }

  private List<String> types(String select) throws Exception {
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(select)) {
      return ResultValues.of(rows.getMetaData()).columns().stream()
          .map(ResultColumn::type)
          .toList();
    }
  }

  private List<String> texts(String select) throws Exception {
    List<String> texts = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(select)) {
      int columns = rows.getMetaData().getColumnCount();
      ResultValues values = ResultValues.of(rows.getMetaData());
      Object[] row = new Object[columns];
      while (rows.next()) {
        values.read(rows, row);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns; i++) {
          text.append(i == 0 ? "" : "|").append(row[i] == null ? "NULL" : PlainText.of(row[i]));
        }
        texts.add(text.toString());
      }
    }
    return texts;
  }

  private static final class CountingStream extends OutputStream {
    private final OutputStream out;
    private long count;

    CountingStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws java.io.IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws java.io.IOException {
      out.write(bytes, offset, length);
      count += length;
    }

    @Override
    public void close() throws java.io.IOException {
      out.close();
    }
  }
}
