package io.watershed.bench;

import io.watershed.bench.BenchResult.Better;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * {@code watershed serve} under load: it archives a stream that takes 20 MB a second while 50
 * clients ask statements, look records up and follow the stream. Server, stream with its producer,
 * and clients are a process each.
 */
final class ServerBenchmark implements Benchmark {
  static final double MEMORY_GOAL_MB = 2_048 * 1.048576;

  private static final String ALONE = "without clients";
  private static final double MB = 1e6;

  /** Growth of the lag that is noise. */
  private static final double FLAT_FACTOR = 1.5;

  private static final double FLAT_SECONDS = 1;

  @Override
  public String name() {
    return "server";
  }

  @Override
  public String description() {
    return "50 clients of watershed serve beside its archiver at 20 MB/s: errors, lag, times, memory";
  }

  /**
   * How much of everything.
   *
   * @param tails of the clients, how many follow; half of the others look up records
   */
  private record Size(
      int shards, long bytesPerSecond, int warmUp, int alone, int loaded, int clients, int tails) {
    static Size of(boolean quick) {
      return quick
          ? new Size(4, 2_000_000, 5, 5, 15, 10, 2)
          : new Size(24, 20_000_000, 30, 30, 120, 50, 10);
    }

    List<ClientQuestion> kinds() {
      List<ClientQuestion> kinds = new ArrayList<>(Collections.nCopies(tails, ClientQuestion.TAIL));
      for (int i = 0; i < clients - tails; i++) {
        kinds.add(i % 2 == 0 ? ClientQuestion.AGGREGATE : ClientQuestion.LOOKUP);
      }
      return kinds;
    }
  }

  /** What was seen. */
  private record Seen(
      ServerPhase alone,
      ClientLog oneByOne,
      ServerPhase loaded,
      ClientLog together,
      long archivedBytes) {}

  @Override
  public BenchReport run(BenchContext context) throws Exception {
    Size size = Size.of(context.quick());
    Path folder = Files.createTempDirectory(context.workDirectory(), "served");
    context.progress().accept("a stream that takes records, and a server that archives them");
    try (StreamLoad load = StreamLoad.start(size.shards(), size.bytesPerSecond());
        ServedReservoir served = ServedReservoir.start(folder, load.uri(), size.clients() + 1)) {
      return report(size, measure(context, size, folder, load, served));
    }
  }

  private static Seen measure(
      BenchContext context, Size size, Path folder, StreamLoad load, ServedReservoir served)
      throws Exception {
    ClientLog watching = new ClientLog();
    ServerClient watcher =
        new ServerClient(
            HttpClient.newHttpClient(),
            served.address(),
            ServedReservoir.token(size.clients()),
            watching);
    ProcessFamily server = served.family();
    ProcessFamily endpoint = load.family();
    context.progress().accept("%d s to warm up".formatted(size.warmUp()));
    var unused = ServerPhase.watch(size.warmUp(), watcher, load, server, endpoint);
    context.progress().accept("%d s without clients".formatted(size.alone()));
    ServerPhase alone = ServerPhase.watch(size.alone(), watcher, load, server, endpoint);
    context.progress().accept(line(alone));
    ClientLog oneByOne = new ClientLog();
    for (ClientQuestion question : List.of(ClientQuestion.AGGREGATE, ClientQuestion.LOOKUP)) {
      context.progress().accept("one client: " + question.text());
      try (ServerClients one = new ServerClients(served.address(), List.of(question), oneByOne)) {
        unused = ServerPhase.watch(size.alone(), watcher, load, server, endpoint);
      }
      context.progress().accept(line(unused));
    }
    context.progress().accept("%d s with %d clients".formatted(size.loaded(), size.clients()));
    ClientLog together = new ClientLog();
    ServerPhase loaded;
    try (ServerClients all = new ServerClients(served.address(), size.kinds(), together)) {
      loaded = ServerPhase.watch(size.loaded(), watcher, load, server, endpoint);
    }
    context.progress().accept(line(loaded));
    return new Seen(alone, oneByOne, loaded, together, bytes(folder));
  }

  private static long bytes(Path folder) throws IOException {
    try (var files = Files.walk(folder.resolve("reservoir"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static String line(ServerPhase phase) {
    return String.format(
        Locale.ROOT,
        "lag %.1f s (first third %.1f, last %.1f, worst %.1f), %.1f MB/s put, %,.0f records/s"
            + " archived; processors: server %.2f, workers %.2f, stream %.2f, clients %.2f;"
            + " %.0f MB in %d processes, of it the server %.0f MB",
        phase.meanBehind(),
        phase.firstThirdBehind(),
        phase.lastThirdBehind(),
        phase.worstBehind(),
        phase.producedPerSecond() / MB,
        phase.archivedPerSecond(),
        phase.serverCpu(),
        phase.workersCpu(),
        phase.loadCpu(),
        phase.clientsCpu(),
        phase.residentBytes() / MB,
        phase.processes(),
        phase.parentBytes() / MB);
  }

  private BenchReport report(Size size, Seen seen) {
    ServerPhase alone = seen.alone();
    ServerPhase loaded = seen.loaded();
    ClientLog log = seen.together();
    List<BenchResult> results = new ArrayList<>();
    results.add(
        lower(
            "errors",
            (double) log.errors(),
            "",
            (double) seen.oneByOne().errors(),
            "one client",
            OptionalDouble.of(0)));
    results.add(
        new BenchResult(
            "put into the stream",
            loaded.producedPerSecond() / MB,
            "MB/s",
            Better.HIGHER,
            OptionalDouble.of(alone.producedPerSecond() / MB),
            ALONE,
            OptionalDouble.of(size.bytesPerSecond() / MB * 0.98)));
    results.add(
        lower(
            "lag of the archiver, last third",
            loaded.lastThirdBehind(),
            "s",
            loaded.firstThirdBehind(),
            "first third",
            OptionalDouble.of(loaded.firstThirdBehind() * FLAT_FACTOR + FLAT_SECONDS)));
    results.add(lower("lag of the archiver, mean", loaded.meanBehind(), "s", alone.meanBehind()));
    results.add(
        lower("lag of the archiver, worst", loaded.worstBehind(), "s", alone.worstBehind()));
    for (String question : log.questions()) {
      for (int percent : new int[] {50, 99}) {
        results.add(
            lower(
                question + ", p" + percent,
                log.percentile(question, percent),
                "ms",
                seen.oneByOne().percentile(question, 50),
                "one client, p50"));
      }
    }
    results.add(
        lower(
            "resident memory, server and workers",
            loaded.residentBytes() / MB,
            "MB",
            alone.residentBytes() / MB,
            ALONE,
            OptionalDouble.of(MEMORY_GOAL_MB)));
    results.add(
        lower(
            "  pages that they share counted once",
            loaded.sharedOnceBytes() / MB,
            "MB",
            alone.sharedOnceBytes() / MB));
    results.add(
        lower("  of the server", loaded.parentBytes() / MB, "MB", alone.parentBytes() / MB));
    results.add(lower("processors: server", loaded.serverCpu(), "", alone.serverCpu()));
    results.add(lower("processors: workers", loaded.workersCpu(), "", alone.workersCpu()));
    results.add(lower("processors: stream, producer", loaded.loadCpu(), "", alone.loadCpu()));
    results.add(lower("processors: clients", loaded.clientsCpu(), "", alone.clientsCpu()));
    return new BenchReport(name(), results, notes(size, seen));
  }

  private static List<String> notes(Size size, Seen seen) {
    ClientLog log = seen.together();
    List<String> notes = new ArrayList<>();
    notes.add(
        "%d clients for %d s: %d follow a key each, half of the others run statements, half look up"
                .formatted(size.clients(), size.loaded(), size.tails())
            + " records of a key; each asks again a second after its answer.");
    StringBuilder answered = new StringBuilder("Answered: ");
    for (String question : log.questions()) {
      answered.append("%s %d, ".formatted(question, log.count(question)));
    }
    notes.add(
        answered
            + "%,d records to tails, which were told of %,d that they missed."
                .formatted(log.tailed(), log.skipped()));
    notes.add(
        "%d answers 429 or 503 with Retry-After were waited out and asked again: they are part of"
                .formatted(log.waits())
            + " the times, and no errors.");
    notes.add(
        "The stream has %d shards with the service's limits for readers; the archive had %.0f MB"
                .formatted(size.shards(), seen.archivedBytes() / MB)
            + " at the end.");
    notes.add(
        "Reference of times: the median of one client alone, beside the same archiver."
            + " Processors: how many each part kept busy, stream and clients being the load.");
    seen.oneByOne().firstErrors().forEach(error -> notes.add("error of one client: " + error));
    log.firstErrors().forEach(error -> notes.add("error: " + error));
    return notes;
  }

  private static BenchResult lower(String name, double figure, String unit, double reference) {
    return lower(name, figure, unit, reference, ALONE);
  }

  private static BenchResult lower(
      String name, double figure, String unit, double reference, String referenceName) {
    return lower(name, figure, unit, reference, referenceName, OptionalDouble.empty());
  }

  private static BenchResult lower(
      String name,
      double figure,
      String unit,
      double reference,
      String referenceName,
      OptionalDouble goal) {
    return new BenchResult(
        name, figure, unit, Better.LOWER, OptionalDouble.of(reference), referenceName, goal);
  }
}
