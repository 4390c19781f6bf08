package io.watershed.reservoir.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.reservoir.store.DiskStore;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our table through Iceberg's own HadoopTables: of the version that we use, and of the one that
 * Drill 1.22 carries. Each has a class loader of its own, so that no Hadoop is on the class path of
 * any other test.
 */
class OtherReadersTest {
  private static final Path HADOOP = Path.of("target/hadoop-in-tests");
  private static final Path OLD_ICEBERG = Path.of("target/iceberg-old-in-tests");

  @TempDir Path folder;
  private TestRecords records;
  private TableState state;
  private ArchiveTable table;

  @BeforeEach
  void archive() throws Exception {
    records = new TestRecords(folder);
    table = TestTables.created(new DiskStore(folder.resolve("reservoir")));
    PayloadColumn city = new PayloadColumn("city", ColumnType.TEXT, "city", 0, List.of());
    state =
        table.addColumns(
            table.load(),
            new PayloadSchema(
                List.of(
                    new PayloadColumn("id", ColumnType.LONG, "id", 0, List.of()),
                    new PayloadColumn(
                        "customer", ColumnType.STRUCT, "customer", 0, List.of(city)))));
    for (int i = 0; i < 3; i++) {
      state =
          table.commit(state, records.commit(state, TestRecords.records(i, i * 10L, i * 10L + 4)));
    }
  }

  @AfterEach
  void close() throws Exception {
    records.close();
  }

  @Test
  void icebergOfToday() throws Exception {
    List<URL> jars = new ArrayList<>(jars(HADOOP));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && !entry.contains("watershed") && !entry.contains("logback")) {
        jars.add(new File(entry).toURI().toURL());
      }
    }
    check(jars);
  }

  @Test
  void icebergOfDrill() throws Exception {
    List<URL> jars = new ArrayList<>(jars(HADOOP));
    jars.addAll(jars(OLD_ICEBERG));
    check(jars);
  }

  private void check(List<URL> jars) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      Reflected configuration = Reflected.make(loader, "org.apache.hadoop.conf.Configuration");
      Reflected tables =
          Reflected.make(loader, "org.apache.iceberg.hadoop.HadoopTables", configuration);
      Reflected read =
          tables
              .call("org.apache.iceberg.hadoop.HadoopTables", "load", table.toString())
              .as("org.apache.iceberg.Table");

      assertThat(
              read.call("currentSnapshot")
                  .as("org.apache.iceberg.Snapshot")
                  .call("snapshotId")
                  .value)
          .isEqualTo(state.snapshotId().orElseThrow());
      Map<?, ?> properties = (Map<?, ?>) read.call("properties").value;
      assertThat(properties.get("watershed.generation")).isEqualTo("3");
      assertThat(read.call("schema").value.toString())
          .contains("_sequence_number: required string")
          .contains("_arrival_time: required timestamptz")
          .contains("id: optional long")
          .contains("customer: optional struct");
      assertThat(read.call("spec").value.toString()).contains("day");
      long rows = 0;
      List<String> files = new ArrayList<>();
      Reflected scan = read.call("newScan").as("org.apache.iceberg.TableScan");
      for (Object task : (Iterable<?>) scan.call("planFiles").value) {
        Reflected file =
            new Reflected(loader, task)
                .as("org.apache.iceberg.FileScanTask")
                .call("file")
                .as("org.apache.iceberg.ContentFile");
        rows += (long) file.call("recordCount").value;
        files.add(file.call("path").value.toString());
      }
      assertThat(rows).isEqualTo(15);
      assertThat(files)
          .containsExactlyInAnyOrderElementsOf(
              table.files(state).stream()
                  .map(f -> "file://" + folder.resolve("reservoir") + "/" + f.key())
                  .toList());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static List<URL> jars(Path folder) throws Exception {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        urls.add(jar.toUri().toURL());
      }
    }
    assertThat(urls).as("copied by maven-dependency-plugin into %s", folder).isNotEmpty();
    return urls;
  }

  /** An object of another class loader, called through one of its public types. */
  private record Reflected(ClassLoader loader, Object value, Class<?> type) {
    Reflected(ClassLoader loader, Object value) {
      this(loader, value, value.getClass());
    }

    static Reflected make(ClassLoader loader, String type, Reflected... arguments)
        throws Exception {
      Class<?> wanted = loader.loadClass(type);
      Class<?>[] types = Stream.of(arguments).map(a -> a.type).toArray(Class<?>[]::new);
      Object[] values = Stream.of(arguments).map(a -> a.value).toArray();
      return new Reflected(loader, wanted.getConstructor(types).newInstance(values));
    }

    Reflected as(String publicType) throws Exception {
      return new Reflected(loader, value, loader.loadClass(publicType));
    }

    Reflected call(String method) throws Exception {
      return new Reflected(loader, type.getMethod(method).invoke(value));
    }

    Reflected call(String publicType, String method, String argument) throws Exception {
      return new Reflected(
          loader,
          loader.loadClass(publicType).getMethod(method, String.class).invoke(value, argument));
    }
  }
}
