package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FunctionListsTest {
  @Test
  void everyFunctionOfTheLinkedEngineWasReviewed() throws Exception {
    Set<String> unknown = new TreeSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery(
                "SELECT DISTINCT function_name FROM duckdb_functions()"
                    + " WHERE function_type IN ('scalar', 'aggregate', 'macro')")) {
      while (names.next()) {
        String name = names.getString(1).toLowerCase(Locale.ROOT).replace(' ', '_');
        if (!FunctionList.ALLOWED.contains(name) && !FunctionList.REFUSED.contains(name)) {
          unknown.add(name);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void noFunctionIsBothAllowedAndRefused() {
    Set<String> both = new TreeSet<>(FunctionList.ALLOWED);
    both.retainAll(FunctionList.REFUSED);
    assertThat(both).isEmpty();
  }

  @Test
  void everyViewOfTheEnginesCatalogHasANameThatWithMayNotTake() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        SqlGate gate = SqlGate.open(io.watershed.core.config.SqlSettings.DEFAULTS);
        ResultSet names =
            statement.executeQuery(
                "SELECT DISTINCT view_name FROM duckdb_views() WHERE internal"
                    + " AND schema_name = 'main'")) {
      int seen = 0;
      while (names.next()) {
        seen++;
        String sql = "WITH \"" + names.getString(1) + "\" AS (SELECT 1) SELECT 1";
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> gate.check(sql))
            .as(sql)
            .hasMessageContaining("engine's own");
      }
      assertThat(seen).isGreaterThan(5);
    }
  }
}
