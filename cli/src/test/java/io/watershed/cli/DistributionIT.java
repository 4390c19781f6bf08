package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks the archive that the build made, and runs it as a user would. */
class DistributionIT {
  @TempDir static Path folder;
  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    Path archive = Path.of(System.getProperty("watershed.distribution"));
    assertThat(run(folder, "tar", "-xzf", archive.toString()).status()).isEqualTo(0);
    try (Stream<Path> files = Files.list(folder)) {
      home = files.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  @Test
  void itRunsFromAnyFolderAndThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("ws"), home.resolve("bin/watershed"));

    Run version = run(folder, link.toString(), "--version");

    assertThat(version.output()).startsWith("watershed " + number());
    assertThat(version.status()).isEqualTo(0);
  }

  @Test
  void exitStatusesReachTheShell() throws Exception {
    Run missing = run(folder, home.resolve("bin/watershed").toString(), "status");

    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.output()).contains("error[config]: There is no file");
  }

  @Test
  void anAnswerMakesTheNextStartsQuick() throws Exception {
    Path cache = folder.resolve("cache");
    Path classes = folder.resolve("classes.txt");

    assertThat(ask(cache, "").output()).contains("answer\r\n42");
    Run second = ask(cache, "-Xlog:class+load:file=" + classes);

    assertThat(second.output()).contains("answer\r\n42");
    assertThat(Files.readString(classes))
        .containsPattern("io\\.watershed\\.cli\\.Main source: shared objects file")
        .containsPattern("org\\.duckdb\\.DuckDBNative source: shared objects file");
    try (Stream<Path> made = Files.walk(cache.resolve("start"))) {
      assertThat(made.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("libduckdb_java.so_"))
          .anyMatch(name -> name.matches("classes-\\d+\\.jsa"))
          .noneMatch(name -> name.endsWith(".ok") || name.startsWith("unpacking"));
    }
  }

  @Test
  void aBrokenOrMissingCacheChangesNothing() throws Exception {
    Path cache = folder.resolve("broken");
    assertThat(ask(cache, "").output()).contains("answer\r\n42");
    assertThat(ask(cache, "").output()).contains("answer\r\n42");
    try (Stream<Path> made = Files.list(cache.resolve("start"))) {
      for (Path file : made.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
        Files.writeString(file, "no classes");
      }
    }
    Run broken = ask(cache, "");
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("start"), "no folder");
    Run forbidden = ask(taken, "");

    assertThat(broken.output()).startsWith("answer\r\n42");
    assertThat(broken.status()).isEqualTo(0);
    assertThat(forbidden.output()).startsWith("answer\r\n42");
    assertThat(forbidden.status()).isEqualTo(0);
  }

  private static Run ask(Path cache, String javaOptions) throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("watershed.yaml"), "reservoir: ./data\n");
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("bin/watershed").toString(), "sql", "-o", "csv", "SELECT 42 AS answer")
            .directory(work.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("WATERSHED_CACHE", cache.toString());
    builder.environment().put("WATERSHED_JAVA_OPTS", javaOptions);
    builder.environment().remove("WATERSHED_CONFIG");
    return run(builder);
  }

  @Test
  void theDemoIsRightFromBeginningToEnd() throws Exception {
    Run demo =
        run(folder, home.resolve("bin/watershed").toString(), "demo", "--seconds", "6", "--json");

    assertThat(demo.output().strip().lines().reduce("", (first, last) -> last))
        .startsWith("{")
        .contains("\"verify\":\"ok\"", "\"ok\":true", "\"orderViolations\":0", "\"gaps\":0");
    assertThat(demo.status()).isEqualTo(0);
  }

  @Test
  void withoutJavaItSaysWhatToDo() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", home.resolve("bin/watershed") + "");
    builder.environment().put("JAVA_HOME", folder.resolve("nowhere").toString());

    Run run = run(builder);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output()).contains("error[java]: No Java runtime").contains("hint: ");
  }

  @Test
  void itCarriesItsLicencesAndDocuments() throws Exception {
    assertThat(home)
        .isDirectoryContaining("glob:**/LICENSE")
        .isDirectoryContaining("glob:**/NOTICE");
    assertThat(home.resolve("docs/configuration.md")).exists();
    assertThat(unlisted()).as("jars that THIRD-PARTY.md does not name").isEmpty();
  }

  private static List<String> unlisted() throws IOException {
    List<PathMatcher> listed = new ArrayList<>();
    Matcher name =
        Pattern.compile("`([^`/]+)`").matcher(Files.readString(home.resolve("THIRD-PARTY.md")));
    while (name.find()) {
      listed.add(FileSystems.getDefault().getPathMatcher("glob:" + name.group(1) + "-[0-9]*.jar"));
      listed.add(FileSystems.getDefault().getPathMatcher("glob:" + name.group(1) + ".jar"));
    }
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      return jars.map(Path::getFileName)
          .filter(jar -> !jar.toString().startsWith("watershed-"))
          .filter(jar -> listed.stream().noneMatch(pattern -> pattern.matches(jar)))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static String number() {
    String file = new File(System.getProperty("watershed.distribution")).getName();
    return file.substring("watershed-".length(), file.length() - ".tar.gz".length());
  }

  private record Run(int status, String output) {}

  private static Run run(Path folder, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("WATERSHED_CONFIG");
    return run(builder);
  }

  private static Run run(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), output);
  }
}
