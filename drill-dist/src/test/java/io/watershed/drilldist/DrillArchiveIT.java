package io.watershed.drilldist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.watershed.drilldist.DrillHome.Run;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks the archive that the build made, and runs its drillbit as a person would. */
class DrillArchiveIT {
  /** One of these must be offered for each jar. GPL without the classpath exception is not here. */
  private static final Pattern ACCEPTED =
      Pattern.compile(
          "(?i).*(apache|\\bMIT\\b|BSD|\\bASF\\b|EPL|EDL|eclipse|CDDL|go license|bouncy castle"
              + "|public domain|\\bMPL\\b|unicode).*");

  @TempDir static Path folder;
  private static DrillHome home;

  @BeforeAll
  static void unpack() throws Exception {
    home = DrillHome.unpack(folder);
  }

  @Test
  void everyJarIsListedUnderALicenceThatMayBeShipped() throws Exception {
    List<String> lines =
        Files.readAllLines(home.folder().resolve("THIRD-PARTY.txt")).stream()
            .filter(line -> line.contains(" | "))
            .toList();
    TreeSet<String> listed = new TreeSet<>();
    List<String> refused = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split(" \\| ", 2);
      String[] name = parts[0].split(":", 3);
      listed.add(name[1] + "-" + name[2]);
      if (!ACCEPTED.matcher(parts[1]).matches()) {
        refused.add(line);
      }
    }
    TreeSet<String> unlisted = new TreeSet<>();
    try (Stream<Path> jars = Files.list(home.folder().resolve("jars"))) {
      for (Path jar : jars.toList()) {
        String name = jar.getFileName().toString().replace(".jar", "");
        // Native libraries have the platform behind the version.
        boolean known = name.startsWith("watershed-") || listed.stream().anyMatch(name::startsWith);
        if (!known) {
          unlisted.add(name);
        }
      }
    }

    assertThat(unlisted).isEmpty();
    assertThat(refused).isEmpty();
    assertThat(listed).contains("drill-java-exec-1.22.0").doesNotContain("junit-jupiter-api");
  }

  @Test
  void itStartsAnswersAndStops() throws Exception {
    assumeJava17();
    Path data = folder.resolve("alone");
    int http = DrillHome.freePorts();
    int user = DrillHome.freePorts();
    List<String> options =
        List.of(
            "--data",
            data.toString(),
            "--http-port",
            http + "",
            "--user-port",
            user + "",
            "--bit-port",
            DrillHome.freePorts() + "");

    Run start = drillbit("start", options);
    try {
      assertThat(start.output())
          .contains("The drillbit is up", "jdbc:drill:drillbit=127.0.0.1:" + user)
          .contains("http://127.0.0.1:" + http);
      assertThat(start.status()).isEqualTo(0);
      assertThat(drillbit("status", options).status()).isEqualTo(0);
      assertThat(listensOnlyHere(http)).isTrue();
      readsAParquetFile(http);
      assertThat(DrillHome.ask(http, "SHOW DATABASES")).contains("{\"SCHEMA_NAME\":\"watershed\"}");
      Run twice = drillbit("start", options);
      assertThat(twice.output()).contains("error[drill]: a drillbit runs already", "hint: ");
      assertThat(twice.status()).isEqualTo(1);
    } finally {
      assertThat(drillbit("stop", options).output()).contains("The drillbit has stopped.");
    }

    assertThat(drillbit("status", options).output()).contains("No drillbit runs");
    assertThat(drillbit("stop", options).status()).isEqualTo(0);
    assertThat(data.resolve("log/drillbit.log")).content().doesNotContain("secret-in-sql");
  }

  private static void readsAParquetFile(int http) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    String plugin =
        "{\"name\":\"trial\",\"config\":{\"type\":\"file\",\"connection\":\"file:///\",\"enabled\":true,"
            + "\"workspaces\":{\"here\":{\"location\":\""
            + files
            + "\",\"writable\":true}},\"formats\":{\"parquet\":{\"type\":\"parquet\"}}}}";
    assertThat(DrillHome.post(http, "/storage/trial.json", plugin).statusCode()).isEqualTo(200);
    assertThat(
            DrillHome.ask(
                http,
                "CREATE TABLE trial.here.`some` AS SELECT 'secret-in-sql' AS t, CAST(40 AS BIGINT)"
                    + " + n AS a FROM (VALUES (1), (2)) AS v(n)"))
        .contains("COMPLETED");
    assertThat(Files.list(files.resolve("some")).map(Path::toString))
        .anyMatch(name -> name.endsWith(".parquet"));
    assertThat(DrillHome.ask(http, "SELECT max(a) AS m, count(*) AS n FROM trial.here.`some`"))
        .containsPattern("\"m\":\"?42\"?,\"n\":\"?2\"?");
  }

  /** Another address of this machine, such as 127.0.0.2, reaches what listens on all. */
  private static boolean listensOnlyHere(int port) throws IOException {
    try (Socket other = new Socket("127.0.0.2", port)) {
      return !other.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void aPortThatIsTakenIsSaidAtOnce() throws Exception {
    assumeJava17();
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Run start =
          drillbit(
              "start",
              List.of(
                  "--data", folder.resolve("taken").toString(),
                  "--http-port", taken.getLocalPort() + "",
                  "--user-port", DrillHome.freePorts() + "",
                  "--bit-port", DrillHome.freePorts() + ""));

      assertThat(start.output()).contains("the drillbit ended while it started", "hint: ");
      assertThat(start.status()).isEqualTo(1);
    }
  }

  @Test
  void itEndsWithTheProcessThatStartedIt() throws Exception {
    assumeJava17();
    Map<String, String> environment = new HashMap<>(DrillHome.small());
    environment.put("WATERSHED_DRILL_PARENT", "true");
    Process process =
        DrillHome.builder(
                environment,
                home.folder().resolve("bin/drillbit").toString(),
                "run",
                "--data",
                folder.resolve("child").toString(),
                "--http-port",
                DrillHome.freePorts() + "",
                "--user-port",
                DrillHome.freePorts() + "",
                "--bit-port",
                DrillHome.freePorts() + "")
            .start();
    Path ready = folder.resolve("child/drillbit.ready");
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.exists(ready) && process.isAlive() && System.nanoTime() < until) {
      Thread.sleep(50);
    }
    assertThat(ready).content().contains("user_port=", "http_port=");

    process.getOutputStream().close();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anotherJavaIsRefusedWithAReason() throws Exception {
    Path java = Files.createDirectories(folder.resolve("java25/bin")).resolve("java");
    Files.createFile(
        java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(folder.resolve("java25/release"), "JAVA_VERSION=\"25.0.1\"\n");

    Run run =
        home.drillbit(
            Map.of("JAVA_HOME", folder.resolve("java25").toString()),
            "start",
            "--data",
            folder.resolve("none").toString());

    assertThat(run.output())
        .contains("is Java 25.0.1", "runs on Java 17 only", "hint: Set JAVA_HOME");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void anOptionThatIsUnknownIsAUsageError() throws Exception {
    Run run = home.drillbit(Map.of(), "start", "--nonsense", "1");

    assertThat(run.output()).contains("error[drill]: unknown option --nonsense");
    assertThat(run.status()).isEqualTo(2);
  }

  private static Run drillbit(String command, List<String> options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(options);
    return home.drillbit(DrillHome.small(), arguments.toArray(String[]::new));
  }

  private static void assumeJava17() {
    assumeTrue(
        Runtime.version().feature() == 17,
        "Drill runs on Java 17 only: skipped on " + Runtime.version());
  }
}
