package io.watershed.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts drillbits for a benchmark; whoever runs benchmarks knows where Drill is, and Spark. */
public interface Drillbits {
  /**
   * Starts some, in processes of their own, and waits until they are up.
   *
   * @param count how many; more than one share a ZooKeeper
   * @param heap of each, as the JVM writes sizes
   * @param direct memory of each beside the heap
   * @param config watershed's configuration for the plugin
   */
  Running start(int count, String heap, String direct, Path config) throws Exception;

  /** The folder {@code target} of the module {@code spark-reader}, if it was built. */
  Optional<Path> spark();

  /** Drillbits that run until they are closed. */
  interface Running extends AutoCloseable {
    /** {@code host:port} of each, for JDBC. */
    List<String> addresses();

    @Override
    void close() throws Exception;
  }
}
