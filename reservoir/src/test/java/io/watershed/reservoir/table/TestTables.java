package io.watershed.reservoir.table;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.S3ProxyServer.Pauses;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tables without pauses, and threads that run at once. */
final class TestTables {
  private TestTables() {}

  static ArchiveTable table(ObjectStore store) {
    return table(store, ReservoirSettings.DEFAULTS);
  }

  static ArchiveTable table(ObjectStore store, ReservoirSettings settings) {
    return new ArchiveTable(store, "orders", settings, Pauses.NONE, UUID::randomUUID);
  }

  static ArchiveTable created(ObjectStore store) {
    ArchiveTable table = table(store);
    table.create();
    return table;
  }

  /** Iceberg's own view of the table, for tests that play another tool. */
  static StoreTableOperations operations(ObjectStore store) {
    TableFolder folder = new TableFolder(store, "orders");
    long max = ReservoirSettings.DEFAULTS.maxMetadataBytes();
    return new StoreTableOperations(
        folder, new MetadataVersions(folder, max), new ReservoirFileIO(folder, max));
  }

  static MetadataVersions versions(ObjectStore store) {
    return new MetadataVersions(
        new TableFolder(store, "orders"), ReservoirSettings.DEFAULTS.maxMetadataBytes());
  }

  /** Runs the tasks at the same time and returns what they return, in their order. */
  static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
