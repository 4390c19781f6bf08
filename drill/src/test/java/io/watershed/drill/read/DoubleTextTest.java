package io.watershed.drill.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DoubleTextTest {
  private static final int SOME = 2000;

  @Test
  void textIsWhatTheEmbeddedEngineCastsTo() throws Exception {
    List<Double> values =
        new ArrayList<>(
            List.of(0.0, -0.0, 1.0, -1.5, 0.1, 1e15, 1e16, 123456789012345680.0, 1e-4, 1.5e-5));
    values.addAll(List.of(Double.MAX_VALUE, Double.MIN_VALUE, 2e-3, 9007199254740993.0, 1e23));
    Random random = new Random(3);
    while (values.size() < SOME) {
      double bits = Double.longBitsToDouble(random.nextLong());
      values.add(Double.isFinite(bits) ? bits : random.nextInt(1000) / 8.0);
      values.add(random.nextInt(1_000_000) * Math.pow(10, random.nextInt(40) - 20));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (double value : values) {
        long bits = Double.doubleToRawLongBits(value);
        String exact = new BigDecimal(value).toString();
        String literal = bits == Long.MIN_VALUE ? "-0.0" : exact;
        try (ResultSet row =
            statement.executeQuery("SELECT CAST(CAST('" + literal + "' AS DOUBLE) AS VARCHAR)")) {
          row.next();
          assertThat(DoubleText.of(value)).isEqualTo(row.getString(1));
        }
      }
    }
  }
}
