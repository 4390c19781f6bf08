package io.watershed.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SqlTextTest {
  private static Set<String> words(Statement statement, String condition) throws SQLException {
    Set<String> words = new TreeSet<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT DISTINCT keyword_name FROM duckdb_keywords() WHERE " + condition)) {
      while (rows.next()) {
        words.add(rows.getString(1));
      }
    }
    return words;
  }

  @Test
  void everyKeywordOfTheEngineIsANameAsItIsWritten() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      assertThat(SqlText.KEYWORDS)
          .containsExactlyInAnyOrderElementsOf(
              words(statement, "keyword_category <> 'unreserved'"));
      for (String word : words(statement, "true")) {
        String name = SqlText.written(word);
        statement.execute("CREATE TABLE " + name + " (" + name + " INTEGER)");
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT " + name + ", count(*) FROM " + name + " GROUP BY ALL")) {
          assertThat(rows.getMetaData().getColumnName(1)).isEqualTo(word);
        }
      }
    }
  }

  @Test
  void aPlainNameStaysAsItIs() {
    assertThat(SqlText.written("orders_2")).isEqualTo("orders_2");
    assertThat(SqlText.written("Order")).isEqualTo("\"Order\"");
    assertThat(SqlText.written("a-b")).isEqualTo("\"a-b\"");
    assertThat(SqlText.written("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(SqlText.written("1st")).isEqualTo("\"1st\"");
  }
}
