package io.watershed.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From another tool's files to SQL, verify and replay, beside records of the stream. */
class ImportCommandTest {
  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 2);
    kinesis.createStream("again", 1);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "reservoir: ./res\nstreams: {orders: {}, again: {}}\n");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private static String records(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> "{\"n\":" + n + ",\"key\":\"k" + n % 3 + "\"}\n")
        .collect(Collectors.joining());
  }

  private void write(String key, String content) throws IOException {
    Path file = folder.resolve("dump").resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private CommandRun run(String... args) {
    CommandRun run = new CommandRun(folder).run(args);
    assertThat(run.status()).as(run.out() + run.err()).isZero();
    return run;
  }

  @Test
  void importedAndArchivedRecordsAreOneArchive() throws IOException {
    for (int n = 1000; n < 1010; n++) {
      kinesis.put("orders", "k" + n % 3, records(n, n + 1).getBytes(UTF_8));
    }
    run("archive", "--once", "orders");
    write("2020/01/01/00/a", records(0, 50));
    write("2020/01/02/00/b", records(50, 100));
    write("late", records(1005, 1008));

    CommandRun plan = run("import", "orders", "dump", "--dry-run", "--json");
    assertThat(plan.out()).contains("\"objects\":3").contains("\"import\":\"import-000001\"");
    assertThat(new CommandRun(folder).run("import", "orders", "dump").status()).isEqualTo(2);
    assertThat(sql("SELECT count(*) AS c FROM orders")).contains("\"c\":10");

    CommandRun done = run("import", "orders", "dump", "--key-field", "key", "--yes", "-o", "json");
    assertThat(done.out())
        .contains("\"rows\":100")
        .contains("\"archived_too\":3")
        .contains("\"missing\":0");
    assertThat(run("import", "orders", "dump", "--yes").err()).contains("3 are imported already");

    assertThat(sql("SELECT count(*) AS c, count(DISTINCT n) AS d, sum(n) AS s FROM orders"))
        .contains("\"c\":110,\"d\":110,\"s\":" + (100 * 99 / 2 + 10_045));
    run("verify", "orders", "--deep", "--against-stream");
    run("status");
    kinesis.put("orders", "k" + 1010 % 3, records(1010, 1011).getBytes(UTF_8));
    run("archive", "--once", "orders");
    run("replay", "orders", "--target", "again", "--envelope", "none", "--yes");
    run("archive", "--once", "again");
    String replayed =
        sql("SELECT n, key FROM again ORDER BY _sequence_number, _sub_sequence_number");
    for (String key : List.of("k0", "k1", "k2")) {
      List<Integer> numbers = new ArrayList<>();
      replayed
          .lines()
          .filter(line -> line.contains("\"" + key + "\""))
          .forEach(line -> numbers.add(Integer.parseInt(line.replaceAll("\\D*(\\d+).*", "$1"))));
      assertThat(numbers).hasSizeBetween(36, 38).isSorted();
    }
    run("verify", "orders", "--deep");
  }

  @Test
  void anImportThatIsKilledGoesOnAndNothingIsThereTwice() throws Exception {
    for (int i = 0; i < 3000; i++) {
      write("2020/01/01/00/%05d".formatted(i), records(i * 2, i * 2 + 2));
    }
    Path metadata = folder.resolve("res/orders/metadata");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.watershed.cli.Main",
                "import",
                "orders",
                "dump",
                "--yes")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("import.log").toFile())
            .start();
    try {
      // In the middle: the list of the second commit is there, so the first commit is.
      await(child, metadata);
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    CommandRun rest = run("import", "orders", "dump", "--yes", "--json");
    assertThat(rest.out()).doesNotContain("\"already\":0,");
    assertThat(sql("SELECT count(*) AS c, count(DISTINCT n) AS d FROM orders", "--live", "off"))
        .contains("\"c\":6000,\"d\":6000");
    run("verify", "orders", "--deep");
  }

  private static void await(Process child, Path metadata) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (importLists(metadata) < 2) {
      assertThat(System.nanoTime()).as("the second commit is late").isLessThan(deadline);
      assertThat(child.isAlive()).as("the import is running").isTrue();
      Thread.sleep(5);
    }
  }

  private static long importLists(Path metadata) throws IOException {
    if (!Files.isDirectory(metadata)) {
      return 0;
    }
    try (var files = Files.list(metadata)) {
      return files.filter(file -> file.getFileName().toString().startsWith("imports-")).count();
    }
  }

  private String sql(String statement, String... more) {
    List<String> args = new ArrayList<>(List.of("sql", statement, "-o", "ndjson"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new)).out();
  }
}
