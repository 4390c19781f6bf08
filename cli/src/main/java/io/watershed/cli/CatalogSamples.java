package io.watershed.cli;

import io.watershed.glue.MirrorStatus;
import io.watershed.server.monitor.Samples;
import java.util.List;

/**
 * How tables in a catalog are doing, for Prometheus; {@code docs/operations.md} lists the names.
 */
final class CatalogSamples {
  private CatalogSamples() {}

  static void add(Samples samples, List<MirrorStatus> tables) {
    for (MirrorStatus table : tables) {
      samples.gauge(
          "watershed_catalog_up",
          "1 while the archive's table in the catalog is brought up to date.",
          table.failingSince().isEmpty() ? 1 : 0,
          "stream",
          table.stream());
      samples.counter(
          "watershed_catalog_foreign_changes",
          "Times that somebody else had changed the archive's table in the catalog.",
          table.alarms(),
          "stream",
          table.stream());
    }
  }
}
