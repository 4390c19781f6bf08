package io.watershed.query.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.WatershedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatableCheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "amount > 10",
        "lower(customer.city) = 'berlin'",
        "_payload::JSON ->> '$.a.b'",
        "age(_arrival_time, TIMESTAMPTZ '2026-01-01')",
        "CASE WHEN status IN ('a', 'b') THEN 1 ELSE 0 END",
        "list_transform(items, x -> x.price)[1]"
      })
  void whatDependsOnTheRecordAloneMayBeRepeated(String sql) {
    try (SqlGate gate = SqlGate.open(SqlSettings.DEFAULTS)) {
      assertThatCode(() -> gate.checkRepeatable(sql)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "random() < 0.5",
        "_arrival_time > now() - INTERVAL 1 HOUR",
        "_arrival_time > current_timestamp",
        "_arrival_time::DATE = CURRENT_DATE",
        "age(_arrival_time) > INTERVAL 1 DAY",
        "Uuid()",
        "row_number() OVER () = 1",
        "(SELECT 1) = 1",
        "COLUMNS(*) > 1",
        "unnest([1, 2])",
        "amount > 1; SELECT 2",
        "1 FROM orders"
      })
  void whatMayGiveSomethingElseTheNextTimeIsRefused(String sql) {
    try (SqlGate gate = SqlGate.open(SqlSettings.DEFAULTS)) {
      assertThatThrownBy(() -> gate.checkRepeatable(sql)).isInstanceOf(WatershedException.class);
    }
  }

  @Test
  void everyFunctionThatTheEngineCallsInconsistentIsKnown() throws Exception {
    Set<String> inconsistent = new TreeSet<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT lower(function_name) FROM duckdb_functions()"
                    + " WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
                    + " OR macro_definition ILIKE '%current_timestamp%'")) {
      while (rows.next()) {
        inconsistent.add(rows.getString(1));
      }
    }
    inconsistent.retainAll(FunctionList.ALLOWED);
    inconsistent.remove("error"); // ends the statement, each time

    assertThat(inconsistent).isNotEmpty();
    assertThat(RepeatableCheck.UNREPEATABLE).containsAll(inconsistent);
  }
}
