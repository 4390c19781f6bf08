package io.watershed.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** In a drillbit of this process. */
@EnabledForJreRange(max = JRE.JAVA_17, disabledReason = "Drill 1.22 runs on no newer Java than 17")
class DrillTableTest {
  @TempDir Path folder;

  @Test
  void theTablesOfAStreamAreListedAndReadingOneSaysThatThisIsNotThereYet() throws Exception {
    WatershedPluginConfig settings = WatershedPluginConfig.of(config().toString());
    settings.setEnabled(true);
    try (EmbeddedDrillbit drillbit = EmbeddedDrillbit.start(folder)) {
      drillbit.drillbit().getContext().getStorage().put("watershed", settings);
      try (Connection connection = drillbit.connect()) {
        assertThat(tables(connection))
            .containsExactly("orders", "orders_archive", "orders_copies", "orders_live");
        assertThatThrownBy(() -> ask(connection, "SELECT * FROM watershed.orders"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("does not read them yet")
            .hasMessageContaining("watershed sql");
        assertThatThrownBy(() -> ask(connection, "SELECT * FROM watershed.nothing"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("not found");
      }
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = connection.createStatement().executeQuery("SHOW TABLES IN watershed")) {
      while (rows.next()) {
        names.add(rows.getString(2));
      }
    }
    return names;
  }

  private static void ask(Connection connection, String sql) throws SQLException {
    connection.createStatement().executeQuery(sql).close();
  }

  private Path config() throws Exception {
    return Files.writeString(
        folder.resolve("watershed.yaml"),
        "reservoir: " + folder.resolve("water") + "\nstreams:\n  orders: {}\n");
  }
}
