package io.watershed.bench;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.SqlText;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What others make of a file of JSON lines. */
final class References {
  private References() {}

  /** DuckDB's own JSON reader, guessing types and keeping no payload, to Parquet. */
  static Path copyJson(DuckDb duck, Path json, Path target) throws SQLException {
    try (Connection connection = duck.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_json_auto("
              + SqlText.literal(json.toString())
              + ")) TO "
              + SqlText.literal(target.toString())
              + " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480)");
    }
    return target;
  }

  /** A DuckDB on one thread with room enough. */
  static DuckDbSettings oneThread() {
    DuckDbSettings defaults = DuckDbSettings.DEFAULTS;
    return new DuckDbSettings(
        2 * defaults.memoryLimitBytes(), 1, defaults.tempDirectory(), defaults.maxTempBytes());
  }

  /** {@code gzip -6}. */
  static Path gzip(Path json) throws IOException {
    Path file = json.resolveSibling(json.getFileName() + ".gz");
    try (OutputStream out = new LevelSix(Files.newOutputStream(file))) {
      Files.copy(json, out);
    }
    return file;
  }

  /** Processor time of this process, all threads. */
  static long processCpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private static final class LevelSix extends GZIPOutputStream {
    LevelSix(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(6);
      def.setStrategy(Deflater.DEFAULT_STRATEGY);
    }
  }
}
