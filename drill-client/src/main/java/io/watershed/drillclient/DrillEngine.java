package io.watershed.drillclient;

import io.watershed.core.config.DrillSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.query.RemoteEngine;
import io.watershed.query.ResultSink;
import io.watershed.query.RowHandOver;
import io.watershed.query.StatementControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Answers statements on a cluster of Drill, a connection for each. The schema that a connection
 * uses is the statement's receipt, so the names in it mean what the receipt holds. The driver is
 * loaded when it is first needed. Thread-safe.
 */
public final class DrillEngine implements RemoteEngine {
  private final DrillSettings settings;
  private final Path cacheFolder;
  private final ScheduledExecutorService timers;
  private final RowHandOver rows;
  private @Nullable DrillDriver driver;

  /**
   * Connects to nobody yet.
   *
   * @param sql bounds of a statement: time and rows; memory is Drill's own affair
   * @param cacheFolder the driver is unpacked there
   */
  public DrillEngine(DrillSettings settings, SqlSettings sql, Path cacheFolder) {
    this.settings = settings;
    this.cacheFolder = cacheFolder;
    this.timers =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "drill-timeout");
              thread.setDaemon(true);
              return thread;
            });
    this.rows = new RowHandOver(sql, timers, DrillValues::of);
  }

  @Override
  public String portable(String sql) {
    return PortableText.of(sql);
  }

  @Override
  public long run(
      String receipt, String sql, Duration timeLeft, ResultSink sink, StatementControl control) {
    try (Connection connection = connect()) {
      use(connection, receipt);
      try (Statement statement = connection.createStatement()) {
        return rows.handOver(statement, sql, timeLeft, sink, control);
      }
    } catch (SQLException e) {
      throw DrillErrors.ofStatement(e);
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    }
  }

  private void use(Connection connection, String receipt) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("USE \"" + settings.storage() + "\".\"" + receipt + "\"");
    }
  }

  private Connection connect() {
    String url = "jdbc:drill:drillbit=" + String.join(",", settings.drillbits());
    Properties properties = new Properties();
    properties.setProperty("quoting_identifiers", "\"");
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.passwordFile().ifPresent(file -> properties.setProperty("password", password(file)));
    try {
      return driver().connect(url, properties);
    } catch (SQLException e) {
      throw DrillErrors.ofConnect(url, e);
    }
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the file with Drill's password cannot be read: " + file,
          "Check 'password_file' in the part 'drill' of the configuration.",
          e);
    }
  }

  private synchronized DrillDriver driver() {
    DrillDriver loaded = driver == null ? DrillDriver.load(cacheFolder) : driver;
    driver = loaded;
    return loaded;
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
