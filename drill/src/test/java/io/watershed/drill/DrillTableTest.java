package io.watershed.drill;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillTableTest {
  @TempDir Path folder;

  @Test
  void smoke() throws Exception {
    long t0 = System.nanoTime();
    try (EmbeddedDrillbit bit = EmbeddedDrillbit.start(folder)) {
      System.out.println("up " + (System.nanoTime() - t0) / 1e9);
      bit.drillbit()
          .getContext()
          .getStorage()
          .put("watershed", enabled(WatershedPluginConfig.of(config().toString())));
      try (Connection c = bit.connect();
          ResultSet r = c.createStatement().executeQuery("show tables in watershed")) {
        while (r.next()) {
          System.out.println(r.getString(1) + " " + r.getString(2));
        }
      }
      System.out.println("asked " + (System.nanoTime() - t0) / 1e9);
    }
  }

  private static WatershedPluginConfig enabled(WatershedPluginConfig c) {
    c.setEnabled(true);
    return c;
  }

  private Path config() throws Exception {
    Path f = folder.resolve("watershed.yaml");
    java.nio.file.Files.writeString(
        f, "reservoir: " + folder.resolve("water") + "\nstreams:\n  orders: {}\n");
    return f;
  }
}
