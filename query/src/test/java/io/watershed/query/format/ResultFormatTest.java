package io.watershed.query.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.ResultSink.Json;
import io.watershed.query.StatementReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultFormatTest {
  private static final QueryOutcome OUTCOME =
      new QueryOutcome(
          2,
          new Receipt("0123456789ab", "{\"version\":1}", Instant.EPOCH, List.of()),
          Duration.ofMillis(120),
          List.of("a notice"),
          new StatementReport(List.of(), List.of()));

  private static final List<ResultColumn> COLUMNS =
      List.of(
          new ResultColumn("n", "BIGINT"),
          new ResultColumn("text", "VARCHAR"),
          new ResultColumn("n", "DOUBLE"));

  @Test
  void jsonIsOneObjectWithColumnsRowsAndReceipt() throws Exception {
    String text =
        print(ResultFormat.JSON, COLUMNS, row(1L, "a\"b\n", 1.5), row(null, null, Double.NaN));
    assertThat(text)
        .isEqualTo(
            "{\"columns\":[{\"name\":\"n\",\"type\":\"BIGINT\"},{\"name\":\"text\",\"type\":"
                + "\"VARCHAR\"},{\"name\":\"n_2\",\"type\":\"DOUBLE\"}],\"rows\":["
                + "{\"n\":1,\"text\":\"a\\\"b\\n\",\"n_2\":1.5},"
                + "{\"n\":null,\"text\":null,\"n_2\":\"NaN\"}],\"row_count\":2,\"receipt\":"
                + "{\"id\":\"0123456789ab\",\"body\":{\"version\":1}},\"notices\":[\"a notice\"],"
                + "\"elapsed_ms\":120}\n");
    assertThat(new ObjectMapper().readTree(text).path("rows").size()).isEqualTo(2);
  }

  @Test
  void ndjsonIsARowALineWhateverTheValues() throws Exception {
    Map<String, Object> struct = new LinkedHashMap<>();
    struct.put("city", "Köln");
    struct.put("since", Instant.parse("2026-01-02T03:04:05.123456Z"));
    List<ResultColumn> columns =
        List.of(
            new ResultColumn("s", "STRUCT(..)"),
            new ResultColumn("l", "BIGINT[]"),
            new ResultColumn("b", "BLOB"),
            new ResultColumn("j", "JSON"),
            new ResultColumn("big", "HUGEINT"),
            new ResultColumn("d", "DECIMAL(10,2)"),
            new ResultColumn("t", "TIMESTAMP"));
    String text =
        print(
            ResultFormat.NDJSON,
            columns,
            row(
                struct,
                Arrays.asList(1L, null),
                new byte[] {(byte) 0xff, 0},
                new Json("{\"a\":\n[1]}"),
                new BigInteger("170141183460469231731687303715884105727"),
                new BigDecimal("1.50"),
                LocalDateTime.parse("2026-03-29T02:30:00")));
    assertThat(text)
        .isEqualTo(
            "{\"s\":{\"city\":\"Köln\",\"since\":\"2026-01-02T03:04:05.123456Z\"},\"l\":[1,null],\"b\":\"/wA=\",\"j\":{\"a\":"
                + " [1]},\"big\":170141183460469231731687303715884105727,\"d\":1.50,\"t\":\"2026-03-29T02:30:00\"}\n");
    JsonNode parsed = new ObjectMapper().readTree(text);
    assertThat(parsed.path("j").path("a").path(0).asInt()).isEqualTo(1);
  }

  @Test
  void csvFollowsRfc4180() throws Exception {
    assertThat(
            print(
                ResultFormat.CSV,
                COLUMNS,
                row(1L, "plain", 1.5),
                row(null, "", null),
                row(2L, "a,\"b\"\r\nc", null),
                row(3L, " padded", 0.0)))
        .isEqualTo(
            "n,text,n\r\n"
                + "1,plain,1.5\r\n"
                + ",\"\",\r\n"
                + "2,\"a,\"\"b\"\"\r\n"
                + "c\",\r\n"
                + "3,\" padded\",0.0\r\n");
  }

  @Test
  void tablesAreAlignedAndSayTheReceipt() throws Exception {
    String text =
        print(
            ResultFormat.TABLE,
            COLUMNS,
            row(1L, "a\u001b[31m\nb", 1.5),
            row(1000L, null, null),
            row(2L, "x".repeat(200), 2.0));
    String[] lines = text.split(System.lineSeparator());
    String rule = "-".repeat(80);
    assertThat(lines[0]).isEqualTo("   n  text" + " ".repeat(81) + "n");
    assertThat(lines[1]).isEqualTo("----  " + rule + "  ----");
    assertThat(lines[2]).isEqualTo("   1  a [31m b" + " ".repeat(72) + "   1.5");
    assertThat(lines[3]).isEqualTo("1000  NULL" + " ".repeat(76) + "  NULL");
    assertThat(lines[4]).isEqualTo("   2  " + "x".repeat(79) + "…   2.0");
    assertThat(lines[5]).isEqualTo("(2 rows, 0.12 s)");
    assertThat(lines[6]).isEqualTo("receipt 0123456789ab");
    assertThat(lines[7]).isEqualTo("note: a notice");
  }

  @Test
  void aTableOfBoundedWidthCutsTextButNoNumber() throws Exception {
    StringWriter text = new StringWriter();
    List<ResultColumn> columns =
        List.of(
            new ResultColumn("id", "BIGINT"),
            new ResultColumn("long_name_of_a_text", "VARCHAR"),
            new ResultColumn("short", "VARCHAR"),
            new ResultColumn("amount", "DECIMAL(18,2)"));
    print(
        ResultFormat.tableOf(44, text),
        columns,
        row(123456789012L, "x".repeat(50), "ab", new BigDecimal("10.25")),
        row(1L, "漢字".repeat(20), "é́", new BigDecimal("-123456789.25")));
    assertThat(text.toString().lines().limit(4))
        .containsExactly(
            "          id  long_na…  short         amount",
            "------------  --------  -----  -------------",
            "123456789012  xxxxxxx…  ab             10.25",
            "           1  漢字漢…   é́      -123456789.25");
  }

  @Test
  void columnsThatDoNotFitAreLeftOutAndCounted() throws Exception {
    StringWriter text = new StringWriter();
    List<ResultColumn> columns = new java.util.ArrayList<>();
    Object[] values = new Object[12];
    for (int i = 0; i < values.length; i++) {
      columns.add(new ResultColumn("column_" + i, "VARCHAR"));
      values[i] = "y".repeat(30);
    }
    print(ResultFormat.tableOf(60, text), columns, values);
    List<String> lines = text.toString().lines().toList();
    assertThat(lines.get(0)).startsWith("column_0").contains("column_5").doesNotContain("column_6");
    assertThat(lines.subList(0, 3))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
    assertThat(lines).contains("(6 of 12 columns fit: select fewer, or use -o csv)");
  }

  @Test
  void manyRowsPassInConstantMemory() throws Exception {
    for (ResultFormat format : ResultFormat.values()) {
      CountingWriter counting = new CountingWriter();
      ResultSink sink = format.sink(counting);
      sink.begin(COLUMNS);
      // 400 MB of text would not fit into the test's heap if it were kept.
      String text = "y".repeat(100_000);
      for (int i = 0; i < 4_000; i++) {
        sink.row(row((long) i, text, 1.0));
      }
      sink.end(OUTCOME);
      assertThat(counting.chars).as(format.name()).isGreaterThan(4_000L * 80);
    }
  }

  private static final class CountingWriter extends Writer {
    private long chars;

    @Override
    public void write(char[] buffer, int offset, int length) {
      chars += length;
    }

    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
      throw new IOException("a sink never closes its writer");
    }
  }

  private static String print(ResultFormat format, List<ResultColumn> columns, Object[]... rows)
      throws IOException {
    StringWriter text = new StringWriter();
    print(format.sink(text), columns, rows);
    return text.toString();
  }

  private static void print(ResultSink sink, List<ResultColumn> columns, Object[]... rows)
      throws IOException {
    sink.begin(columns);
    for (Object[] row : rows) {
      sink.row(row);
    }
    sink.end(OUTCOME);
  }

  private static Object[] row(Object... values) {
    return values;
  }
}
