package io.watershed.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What was seen of a server for some time, a look a second.
 *
 * @param behind how far the archiver was behind the tip of its worst shard, in seconds, each look
 * @param residentBytes the most of the server and its workers, shared pages once for each
 * @param sharedOnceBytes the most of them, shared pages once
 * @param parentBytes the most of the server itself
 * @param processes the most of them
 * @param producedPerSecond payload bytes that were put
 * @param archivedPerSecond records that were committed
 * @param serverCpu processors that the server had, on average: of it, HTTP and the archiver
 * @param workersCpu the same of its workers
 * @param loadCpu the same of the endpoint with the producer
 * @param clientsCpu the same of this process
 */
record ServerPhase(
    List<Double> behind,
    long residentBytes,
    long sharedOnceBytes,
    long parentBytes,
    int processes,
    double producedPerSecond,
    double archivedPerSecond,
    double serverCpu,
    double workersCpu,
    double loadCpu,
    double clientsCpu) {

  ServerPhase {
    behind = List.copyOf(behind);
  }

  /** Looks for some seconds. */
  static ServerPhase watch(
      int seconds,
      ServerClient client,
      StreamLoad load,
      ProcessFamily server,
      ProcessFamily endpoint)
      throws IOException, InterruptedException {
    List<Double> behind = new ArrayList<>();
    long resident = 0;
    long once = 0;
    long parent = 0;
    int processes = 0;
    long start = System.nanoTime();
    long bytes = load.bytes();
    double archived = sum(client.text("/metrics"), "watershed_archived_records_total");
    double serverCpu = server.parentCpuSeconds();
    double workersCpu = server.childrenCpuSeconds();
    double loadCpu = endpoint.parentCpuSeconds();
    double clientsCpu = References.processCpuNanos() / 1e9;
    String metrics = "";
    for (int second = 1; second <= seconds; second++) {
      long left = start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      metrics = client.text("/metrics");
      behind.add(worst(metrics, "watershed_shard_behind_seconds"));
      resident = Math.max(resident, server.residentBytes());
      once = Math.max(once, server.sharedOnceBytes());
      parent = Math.max(parent, server.parentBytes());
      processes = Math.max(processes, server.size());
      double unused = server.childrenCpuSeconds();
    }
    double took = (System.nanoTime() - start) / 1e9;
    return new ServerPhase(
        behind,
        resident,
        once,
        parent,
        processes,
        (load.bytes() - bytes) / took,
        (sum(metrics, "watershed_archived_records_total") - archived) / took,
        (server.parentCpuSeconds() - serverCpu) / took,
        (server.childrenCpuSeconds() - workersCpu) / took,
        (endpoint.parentCpuSeconds() - loadCpu) / took,
        (References.processCpuNanos() / 1e9 - clientsCpu) / took);
  }

  /** The mean of how far behind it was. */
  double meanBehind() {
    return mean(behind);
  }

  /** The mean of the first third. */
  double firstThirdBehind() {
    return mean(behind.subList(0, Math.max(1, behind.size() / 3)));
  }

  /** The mean of the last third. */
  double lastThirdBehind() {
    return mean(behind.subList(behind.size() - Math.max(1, behind.size() / 3), behind.size()));
  }

  double worstBehind() {
    return behind.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private static double sum(String metrics, String name) {
    return values(metrics, name).stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double worst(String metrics, String name) {
    return values(metrics, name).stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** Of a page in the text format of Prometheus. */
  static List<Double> values(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }
}
