package io.watershed.drillclient;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.TimeZone;

/**
 * Drill's JDBC driver in a class loader of its own: it has Hadoop, Netty and a logging of its own,
 * of other versions than ours. It stays loaded: threads of the driver end some time after their
 * connection, and look for classes then. Thread-safe.
 */
final class DrillDriver {
  private static final String JAR = "drill-jdbc-all.jar";
  private static final String LOGBACK = "<configuration><root level=\"OFF\"/></configuration>\n";

  private final ClassLoader loader;
  private final Driver driver;

  private DrillDriver(ClassLoader loader, Driver driver) {
    this.loader = loader;
    this.driver = driver;
  }

  /**
   * Unpacks the driver into the cache folder, if it is not there, and loads it.
   *
   * <p>It makes each TIMESTAMP one of the machine's time zone, which has no 02:30 on some day of
   * March; so this process lives in UTC from now on, as everything that we print does anyway.
   *
   * @throws WatershedException {@code store} if the folder cannot be written
   */
  static DrillDriver load(Path cacheFolder) {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Path folder = cacheFolder.resolve("drill-client-" + version());
    try {
      Path jar = unpacked(folder);
      URLClassLoader loader =
          new URLClassLoader(
              new URL[] {jar.toUri().toURL(), folder.toUri().toURL()},
              ClassLoader.getPlatformClassLoader());
      Driver driver =
          (Driver)
              loader
                  .loadClass("org.apache.drill.jdbc.Driver")
                  .getDeclaredConstructor()
                  .newInstance();
      return new DrillDriver(loader, driver);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "Drill's driver cannot be unpacked into " + folder + ": " + e.getMessage(),
          "Make room there, or set WATERSHED_CACHE to another folder.",
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the driver in the jar is Drill's", e);
    }
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = DrillDriver.class.getResourceAsStream("driver.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("the driver's version is in our jar", e);
    }
    return properties.getProperty("version");
  }

  /** Another process may do the same now: whole files only appear under their names. */
  private static Path unpacked(Path folder) throws IOException {
    Path jar = folder.resolve(JAR);
    URL packed = DrillDriver.class.getResource(JAR);
    if (packed == null) {
      throw new IllegalStateException("the driver is not in our jar");
    }
    Files.createDirectories(folder);
    if (!Files.exists(jar) || Files.size(jar) != packed.openConnection().getContentLengthLong()) {
      try (InputStream in = packed.openStream()) {
        write(folder, jar, in);
      }
    }
    Path logback = folder.resolve("logback.xml");
    if (!Files.exists(logback)) {
      try (InputStream in =
          new java.io.ByteArrayInputStream(LOGBACK.getBytes(StandardCharsets.UTF_8))) {
        write(folder, logback, in);
      }
    }
    return jar;
  }

  private static void write(Path folder, Path file, InputStream in) throws IOException {
    Path part = Files.createTempFile(folder, "part-", "");
    try {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  Connection connect(String url, Properties properties) throws SQLException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // Its Hadoop looks for its settings there.
    thread.setContextClassLoader(loader);
    try {
      Connection connection = driver.connect(url, properties);
      if (connection == null) {
        throw new SQLException("no address of a drillbit: " + url);
      }
      return connection;
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
