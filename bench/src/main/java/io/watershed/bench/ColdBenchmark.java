package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import io.watershed.core.config.AwsAccess;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How long {@code watershed sql} takes from a cold process, by the launcher that users start: from
 * its start to its end, with the answer in between.
 */
final class ColdBenchmark implements Benchmark {
  static final double GOAL_MS = 1_500;

  /** The launcher's own path, which it hands to the process that it starts. */
  private static final String LAUNCHER = "watershed.launcher";

  private static final String STATEMENT =
      "SELECT customer.city, count(*), round(sum(amount)) FROM orders GROUP BY ALL ORDER BY ALL";
  private static final int LIVE_RECORDS = 5_000;
  private static final int CITIES = 8;

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public String description() {
    return "watershed sql from a cold process on a small reservoir; goal: 1.5 s";
  }

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    Path folder = context.workDirectory();
    Path launcher = launcher();
    try (Reservoir reservoir =
        Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT)) {
      OrdersTable.fill(
          reservoir.createOrLoad("orders"),
          OrdersTable.FILE_RECORDS,
          folder.resolve("files"),
          context.progress());
    }
    try (StreamEndpoint endpoint =
        StreamEndpoint.start(OrdersTable.SHARDS, List.of("orders=" + LIVE_RECORDS))) {
      Files.writeString(folder.resolve("watershed.yaml"), configuration(endpoint));
      context.progress().accept("the first start");
      double first = run(folder, launcher, sql("auto"));
      Rounds rounds = context.quick() ? new Rounds(0, 1) : new Rounds(2, 9);
      context.progress().accept("cold starts");
      double version = rounds.median(() -> run(folder, launcher, List.of("--version")));
      double archive = rounds.median(() -> run(folder, launcher, sql("off")));
      double whole = rounds.median(() -> run(folder, launcher, sql("require")));
      return new BenchReport(
          name(),
          List.of(
              millis("watershed sql, archive alone", archive, version, GOAL_MS),
              millis("watershed sql, archive and live", whole, version, GOAL_MS),
              new BenchResult(
                  "the first start of all, which prepares the others",
                  first,
                  "ms",
                  Better.LOWER,
                  OptionalDouble.of(version),
                  "watershed --version",
                  OptionalDouble.empty())),
          List.of(
              "Wall time of the whole process, launcher included. Reference: watershed --version.",
              "%,d archived records, %,d live ones in %d shards."
                  .formatted(OrdersTable.FILE_RECORDS, LIVE_RECORDS, OrdersTable.SHARDS)));
    }
  }

  private static Path launcher() {
    String path = System.getProperty(LAUNCHER);
    if (path == null) {
      throw new IllegalStateException(
          "this benchmark starts the launcher: run it as 'watershed dev bench cold'");
    }
    return Path.of(path);
  }

  private static String configuration(StreamEndpoint endpoint) {
    return String.join(
        "\n",
        "reservoir: ./reservoir",
        "aws:",
        "  region: us-east-1",
        "  endpoint_url: " + endpoint.uri(),
        "  local_credentials: true",
        "streams:",
        "  orders: {}",
        "");
  }

  private static List<String> sql(String live) {
    return List.of("sql", "--live", live, "-o", "csv", STATEMENT);
  }

  /** Milliseconds from the start of the launcher to the end of its process. */
  private static double run(Path folder, Path launcher, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("WATERSHED_CACHE", folder.resolve("cache").toString());
    builder.environment().keySet().removeAll(List.of("WATERSHED_JAVA_OPTS", "WATERSHED_CONFIG"));
    builder.redirectError(Redirect.to(folder.resolve("errors").toFile()));
    long begun = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    double millis = (System.nanoTime() - begun) / 1e6;
    if (status != 0 || (arguments.size() > 1 && !isAnswer(output))) {
      throw new IllegalStateException(
          "'watershed %s' ended with %d: %s%s"
              .formatted(
                  String.join(" ", arguments),
                  status,
                  output,
                  Files.readString(folder.resolve("errors"))));
    }
    return millis;
  }

  /** A line of names and one for each city. */
  private static boolean isAnswer(String output) {
    return Arrays.stream(output.split("\n")).filter(line -> line.contains(",")).count()
        == 1 + CITIES;
  }

  private static BenchResult millis(String name, double figure, double version, double goal) {
    return new BenchResult(
        name,
        figure,
        "ms",
        Better.LOWER,
        OptionalDouble.of(version),
        "watershed --version",
        OptionalDouble.of(goal));
  }
}
