package io.watershed.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SqlScannerTest {
  private static final List<String> PIECES =
      List.of(
          "'a;b'",
          "'it''s;'",
          "E'a\\';b'",
          "e'x\\\\'",
          "E''';'",
          "'a\\'",
          "\"c;d\"",
          "\"\"\"\"",
          "$$a;b$$",
          "$t$a;$$;b$t$",
          "$t$ $t $t$",
          "a$b",
          "a$$b",
          "-- c; '\n",
          "/* ;' */",
          "/* /* ; */ ; */",
          "/*/ ; */",
          "/**/",
          "/***/",
          "- - 1",
          "a - b",
          "4 / 2",
          "* 2",
          "1",
          ";",
          "; ;",
          "\n",
          " ",
          "SELECT 1",
          ", 'é'",
          "AS e",
          "e",
          "E",
          "1e",
          "--\n",
          "-",
          "/",
          "*",
          "'",
          "$1",
          "$",
          "U&'a;'",
          "x'41'");

  @Test
  void statementsEndWhereTheParserOfDuckDbSaysSo() throws Exception {
    int compared = 0;
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        PreparedStatement parse =
            duckdb.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR")) {
      SplittableRandom random = new SplittableRandom(4);
      for (int i = 0; i < 4_000; i++) {
        String script = script(random);
        int statements = parsed(parse, script);
        if (statements >= 0) {
          assertThat(split(script)).as(script).hasSize(statements);
          compared += statements > 1 ? 1 : 0;
        }
      }
    }
    assertThat(compared).isGreaterThan(300);
  }

  private static String script(SplittableRandom random) {
    StringBuilder script = new StringBuilder("SELECT 1");
    for (int n = random.nextInt(1, 5); n > 0; n--) {
      script.append(random.nextBoolean() ? ", " : " ");
      script.append(PIECES.get(random.nextInt(PIECES.size())));
      if (random.nextInt(3) == 0) {
        script.append("; SELECT 2");
      }
    }
    return script.toString();
  }

  private static int parsed(PreparedStatement parse, String script) throws Exception {
    parse.setString(1, script);
    try (ResultSet result = parse.executeQuery()) {
      result.next();
      JsonNode tree = new ObjectMapper().readTree(result.getString(1));
      return tree.path("error").asBoolean() ? -1 : tree.path("statements").size();
    }
  }

  private static List<String> split(String script) {
    List<String> statements = new ArrayList<>();
    SqlScanner scanner = new SqlScanner();
    StringBuilder text = new StringBuilder();
    for (char c : script.toCharArray()) {
      boolean blank = scanner.isBlank();
      text.append(c);
      if (scanner.accept(c)) {
        if (!blank) {
          statements.add(text.toString());
        }
        text.setLength(0);
      }
    }
    if (!scanner.isBlank()) {
      statements.add(text.toString());
    }
    return statements;
  }
}
