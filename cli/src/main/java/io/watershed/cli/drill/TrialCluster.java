package io.watershed.cli.drill;

import io.watershed.cli.Folders;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Drillbits on 127.0.0.1, and the ZooKeeper that more than one of them need, as child processes.
 * Used by one thread.
 */
public final class TrialCluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 100;
  private static final String HOST = "127.0.0.1";
  private static final int USUAL_WEB_PORT = 8047;
  private static final int DRILLBIT_PORTS = 2;

  private final Path home;
  private final Path folder;
  private final TrialSettings settings;
  private final FreePorts ports = new FreePorts();
  private final List<DrillProcess> drillbits = new ArrayList<>();
  private Optional<DrillProcess> zooKeeper = Optional.empty();
  private List<Endpoint> endpoints = List.of();

  /**
   * Where one drillbit is.
   *
   * @param name for messages
   * @param host its address
   * @param userPort for JDBC
   * @param webPort of its page and REST API
   */
  public record Endpoint(String name, String host, int userPort, int webPort) {
    /** As {@code drill.drillbits} in the configuration has it. */
    public String drillbit() {
      return host + ":" + userPort;
    }

    /** Its page. */
    public String web() {
      return "http://" + host + ":" + webPort;
    }
  }

  /** How far a start is. */
  public interface Watch {
    /** Called now and then. */
    void starting(String what);

    /** Whether somebody wants it stopped. */
    boolean isStopping();
  }

  /**
   * Nothing is started yet.
   *
   * @param home an unpacked archive
   * @param folder for what the processes write; removed at the end
   */
  public TrialCluster(Path home, Path folder, TrialSettings settings) {
    this.home = home;
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * Starts all and waits until they are up; close it then, and after an error too.
   *
   * @return whether they are up; false if a stop was asked for
   * @throws WatershedException {@code refused} if one ends, {@code limit} if it takes too long
   */
  public boolean start(Watch watch) throws IOException {
    long until = System.nanoTime() + START.toNanos();
    Optional<String> zk = Optional.empty();
    if (settings.drillbits() > 1) {
      DrillProcess keeper = startZooKeeper();
      zooKeeper = Optional.of(keeper);
      if (!await(List.of(keeper), until, watch)) {
        return false;
      }
      zk = Optional.of(HOST + ":" + fact(keeper, "port"));
    }
    for (int number = 1; number <= settings.drillbits(); number++) {
      drillbits.add(startDrillbit(number, zk));
    }
    if (!await(drillbits, until, watch)) {
      return false;
    }
    List<Endpoint> found = new ArrayList<>();
    for (DrillProcess drillbit : drillbits) {
      found.add(
          new Endpoint(
              drillbit.name(),
              HOST,
              Integer.parseInt(fact(drillbit, "user_port")),
              Integer.parseInt(fact(drillbit, "http_port"))));
    }
    endpoints = List.copyOf(found);
    return true;
  }

  /** Where the drillbits are, once they are up. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /** What a JDBC client connects to. */
  public String jdbcUrl() {
    return "jdbc:drill:drillbit="
        + endpoints.stream().map(Endpoint::drillbit).collect(Collectors.joining(","));
  }

  /** Tells of each process that has ended since the last call. */
  public void reportEnded(Consumer<String> report) {
    drillbits.removeIf(
        drillbit -> {
          if (drillbit.isAlive()) {
            return false;
          }
          report.accept(drillbit.name() + " has ended; its log was in " + drillbit.log());
          return true;
        });
  }

  /** Whether a drillbit still runs. */
  public boolean isAlive() {
    return drillbits.stream().anyMatch(DrillProcess::isAlive);
  }

  private DrillProcess startZooKeeper() throws IOException {
    return DrillProcess.start(
        "ZooKeeper",
        List.of(home.resolve("bin/zookeeper").toString(), "run", "--host", HOST, "--port", "0"),
        environment(),
        folder.resolve("zookeeper"));
  }

  private DrillProcess startDrillbit(int number, Optional<String> zk) throws IOException {
    boolean first = number == 1;
    int user = first && settings.port() > 0 ? ports.exactly(settings.port()) : ports.one();
    int web = first ? ports.preferably(USUAL_WEB_PORT) : ports.one();
    List<String> command =
        new ArrayList<>(List.of(home.resolve("bin/drillbit").toString(), "run", "--host", HOST));
    command.addAll(List.of("--user-port", Integer.toString(user)));
    command.addAll(List.of("--bit-port", Integer.toString(ports.several(DRILLBIT_PORTS))));
    command.addAll(List.of("--http-port", Integer.toString(web)));
    command.addAll(List.of("--heap", settings.heap(), "--direct", settings.direct()));
    command.addAll(zk.map(place -> List.of("--zk", place)).orElse(List.of("--embedded")));
    return DrillProcess.start(
        "drillbit " + number, command, environment(), folder.resolve("drillbit-" + number));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", settings.javaHome().toString());
    settings
        .config()
        .ifPresent(file -> environment.put("WATERSHED_CONFIG", file.toAbsolutePath().toString()));
    return environment;
  }

  private static boolean await(List<DrillProcess> all, long until, Watch watch) throws IOException {
    while (true) {
      List<String> missing = new ArrayList<>();
      for (DrillProcess process : all) {
        if (process.facts().isEmpty()) {
          missing.add(process.name());
        }
      }
      if (missing.isEmpty()) {
        return true;
      }
      if (watch.isStopping()) {
        return false;
      }
      if (System.nanoTime() > until) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            String.join(", ", missing) + " did not start within " + START.toSeconds() + " s",
            "Their logs are in " + all.get(0).log() + " and beside it.");
      }
      watch.starting(String.join(", ", missing));
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private static String fact(DrillProcess process, String name) throws IOException {
    return Objects.requireNonNull(process.facts().orElseThrow().get(name), name);
  }

  /** Ends all of it: the drillbits side by side, then ZooKeeper. */
  @Override
  public void close() throws IOException {
    drillbits.forEach(DrillProcess::requestStop);
    drillbits.forEach(DrillProcess::close);
    zooKeeper.ifPresent(DrillProcess::close);
    Folders.delete(folder);
  }
}
