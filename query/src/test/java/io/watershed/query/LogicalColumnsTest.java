package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.query.Water.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each kind of path gives (PROTOCOL 4.3, 4.4; docs/sql.md, "Columns"). Of each row, the first
 * payload is archived before the second one's columns exist, and the third is live at first. Every
 * row has keys of its own, so that all of them are one stream.
 */
final class LogicalColumnsTest {
  private static final String LONG_KEY = "k".repeat(128);

  /** Members of three payloads, an expression over them, its type and its values. */
  private record Row(
      String what, List<String> members, String sql, String type, List<Object> values) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Row row(
      String what, List<String> members, String sql, String type, Object... values) {
    return new Row(what, members, sql, type, Arrays.asList(values));
  }

  private static final List<Row> ROWS =
      List.of(
          row(
              "a long, a double and a long beyond 2^53 are doubles",
              List.of("'a1':1", "'a1':1.5", "'a1':9007199254740993"),
              "a1",
              "DOUBLE",
              1.0,
              1.5,
              9007199254740992.0),
          row(
              "the long alone is exact by its own name",
              List.of("'a2':9007199254740993", "'a2':1.5", "'a2':9007199254740995"),
              "a2__long",
              "BIGINT",
              9007199254740993L,
              null,
              9007199254740995L),
          row(
              "the double alone as well",
              List.of("'a3':1", "'a3':1.5", "'a3':2.25"),
              "a3__double",
              "DOUBLE",
              null,
              1.5,
              2.25),
          row(
              "an integer too large for a long is the nearest double",
              List.of("'a4':1", "'a4':9223372036854775808", "'a4':2"),
              "a4",
              "DOUBLE",
              1.0,
              9.223372036854775808e18,
              2.0),
          row(
              "numbers and text are text",
              List.of("'b1':1", "'b1':'x'", "'b1':9007199254740993"),
              "b1",
              "VARCHAR",
              "1",
              "x",
              "9007199254740993"),
          row(
              "booleans and text are text",
              List.of("'b2':true", "'b2':'x'", "'b2':false"),
              "b2",
              "VARCHAR",
              "true",
              "x",
              "false"),
          row(
              "booleans and numbers are text",
              List.of("'b3':true", "'b3':7", "'b3':2.5"),
              "b3",
              "VARCHAR",
              "true",
              "7",
              "2.5"),
          row(
              "a number in quotes stays text",
              List.of("'b4':'12'", "'b4':'012'", "'b4':'1e3'"),
              "b4",
              "VARCHAR",
              "12",
              "012",
              "1e3"),
          row(
              "null and absence are NULL and no type",
              List.of("'b5':null", "'b5':5", "'other':1"),
              "b5",
              "BIGINT",
              null,
              5L,
              null),
          row(
              "an array is its own JSON text, spaces included",
              List.of("'c1':[1, 2]", "'c1':[]", "'c1':[{'x':null}]"),
              "c1",
              "VARCHAR",
              "[1, 2]",
              "[]",
              "[{\"x\":null}]"),
          row(
              "an array and a scalar are text",
              List.of("'c2':[1]", "'c2':2", "'c2':'x'"),
              "c2",
              "VARCHAR",
              "[1]",
              "2",
              "x"),
          row(
              "a member of an object is read by its path",
              List.of("'d1':{'city':'Bonn'}", "'d1':{'zip':5}", "'d1':{'city':'Lyon','zip':6}"),
              "d1.city",
              "VARCHAR",
              "Bonn",
              null,
              "Lyon"),
          row(
              "a member that came later is NULL before",
              List.of("'d2':{'city':'Bonn'}", "'d2':{'zip':5}", "'d2':{'city':'Lyon','zip':6}"),
              "d2.zip",
              "BIGINT",
              null,
              5L,
              6L),
          row(
              "a member of two number types is a double",
              List.of("'d3':{'n':1}", "'d3':{'n':2.5}", "'d3':{'n':9007199254740993}"),
              "d3.n",
              "DOUBLE",
              1.0,
              2.5,
              9007199254740992.0),
          row(
              "and exact in the payload",
              List.of("'d4':{'n':1}", "'d4':{'n':2.5}", "'d4':{'n':9007199254740993}"),
              "json_extract_string(decode(_payload), '$.d4.n')",
              "VARCHAR",
              "1",
              "2.5",
              "9007199254740993"),
          row(
              "a member of text and numbers is text",
              List.of("'d5':{'m':{'v':1}}", "'d5':{'m':{'v':'x'}}", "'d5':{'m':{'v':true}}"),
              "d5.m.v",
              "VARCHAR",
              "1",
              "x",
              "true"),
          row(
              "an object, then a scalar: the object keeps the name",
              List.of("'e1':{'city':'Bonn'}", "'e1':7", "'e1':{'city':'Lyon'}"),
              "e1.city",
              "VARCHAR",
              "Bonn",
              null,
              "Lyon"),
          row(
              "and the scalar has its type's",
              List.of("'e2':{'city':'Bonn'}", "'e2':7", "'e2':8"),
              "e2__long",
              "BIGINT",
              null,
              7L,
              8L),
          row(
              "a scalar, then an object: the scalar keeps the name",
              List.of("'e3':7", "'e3':{'city':'Lyon'}", "'e3':8"),
              "e3",
              "BIGINT",
              7L,
              null,
              8L),
          row(
              "and the object is a struct of another name",
              List.of("'e4':7", "'e4':{'city':'Lyon'}", "'e4':8"),
              "e4__struct.city",
              "VARCHAR",
              null,
              "Lyon",
              null),
          row(
              "an empty object is there, null is not",
              List.of("'e5':{}", "'e5':{'x':1}", "'e5':null"),
              "e5 IS NOT NULL",
              "BOOLEAN",
              true,
              true,
              false),
          row(
              "a key with a dot is one step",
              List.of("'f1.x':1", "'f1.x':2", "'f1':{'x':3}"),
              "f1_x",
              "BIGINT",
              1L,
              2L,
              null),
          row(
              "a key with quotes and spaces",
              List.of("'f2 \\\"q\\\"':1", "'f2 \\\"q\\\"':2", "'f2 \\\"q\\\"':3"),
              "f2__q_",
              "BIGINT",
              1L,
              2L,
              3L),
          row(
              "keys that differ in case are two columns",
              List.of("'f3':1,'F3':'x'", "'f3':2", "'F3':'y'"),
              "concat(f3, '/', F3__2)",
              "VARCHAR",
              "1/x",
              "2/",
              "/y"),
          row(
              "also where only some engines fold the case so",
              List.of("'f4i':1,'f4\u0130':'x'", "'f4i':2", "'f4\u0130':'y'"),
              "concat(f4i, '/', \"f4\u0130__2\")",
              "VARCHAR",
              "1/x",
              "2/",
              "/y"),
          row(
              "the empty key",
              List.of("'':1", "'':2", "'f5':3"),
              "\"empty\"",
              "BIGINT",
              1L,
              2L,
              null),
          row(
              "a very long key",
              List.of("'" + LONG_KEY + "':1", "'f6':2", "'" + LONG_KEY + "':3"),
              LONG_KEY,
              "BIGINT",
              1L,
              null,
              3L),
          row(
              "a key beyond the bound has no column",
              List.of("'" + LONG_KEY + "k':1", "'f8':2", "'" + LONG_KEY + "k':3"),
              "json_extract_string(decode(_payload), '$." + LONG_KEY + "k')",
              "VARCHAR",
              "1",
              null,
              "3"),
          row(
              "letters of any script, and none that is no letter",
              List.of("'gr\u00f6\u00dfe':1", "'gr\u00f6\u00dfe':2,'\ud83d\ude80':9", "'\u540d':3"),
              "gr\u00f6\u00dfe + 0 * coalesce(x_, 0)",
              "BIGINT",
              1L,
              2L,
              null),
          row(
              "of a key that comes twice, the last",
              List.of("'f7':1,'f7':2", "'f7':{'a':1},'f7':3", "'f7':4,'f7':null"),
              "f7",
              "BIGINT",
              2L,
              3L,
              null),
          row(
              "a key that is called like a sibling keeps its name",
              List.of("'g1':1,'g1__long':'mine'", "'g1':1.5", "'g1':2"),
              "g1__long",
              "VARCHAR",
              "mine",
              null,
              null),
          row(
              "a key that is called like a system column",
              List.of("'_shard_id':'mine'", "'_shard_id':'yours'", "'g2':2"),
              "x_shard_id",
              "VARCHAR",
              "mine",
              "yours",
              null),
          row(
              "a number beyond double is in the payload alone",
              List.of("'h1':1", "'h1':1e400", "'h1':2"),
              "h1",
              "BIGINT",
              1L,
              null,
              2L),
          row(
              "a text that UTF-8 cannot hold is in the payload alone",
              List.of("'h2':'x'", "'h2':'\\ud800'", "'h2':'\\ud83d\\ude80'"),
              "h2",
              "VARCHAR",
              "x",
              null,
              "\ud83d\ude80"),
          row(
              "a zero character is text like others",
              List.of("'h3':'a\\u0000b'", "'h3':''", "'h3':null"),
              "h3",
              "VARCHAR",
              "a\u0000b",
              "",
              null),
          row(
              "below five levels an object is JSON text",
              List.of("'h4':{'a':{'b':{'c':{'d':1}}}}", "'h4':{}", "'h4':{'a':{}}"),
              "h4.a.b.c",
              "STRUCT(d BIGINT)",
              java.util.Map.of("d", 1L),
              null,
              null));

  @TempDir static Path folder;
  private static Water water;

  @BeforeAll
  static void put() throws Exception {
    water = new Water(folder, "orders");
    for (int n = 0; n < 3; n++) {
      for (int i = 0; i < ROWS.size(); i++) {
        String members = ROWS.get(i).members().get(n).replace('\'', '"');
        water.put("orders", "key", "{\"r\":" + i + ",\"n\":" + n + "," + members + "}");
      }
      if (n < 2) {
        water.archive("orders");
      }
    }
  }

  @AfterAll
  static void close() {
    water.close();
  }

  static List<Row> rows() {
    return ROWS;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void gives(Row row) {
    Answer answer =
        water.ask(
            "SELECT " + row.sql() + " FROM orders WHERE r = " + ROWS.indexOf(row) + " ORDER BY n");
    assertThat(answer.columns.get(0).type()).isEqualTo(row.type());
    List<Object> values = new ArrayList<>();
    answer.rows.forEach(cells -> values.add(cells.get(0)));
    assertThat(values).isEqualTo(row.values());
  }
}
