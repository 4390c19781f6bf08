package io.watershed.query;

import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The archive tables that statements asked for, which remember their newest metadata: parsing them
 * takes longer than a small statement. Thread-safe.
 */
final class KeptTables {
  private static final int MAX_TABLES = 256;

  private final Reservoir reservoir;
  private final Map<String, ArchiveTable> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArchiveTable> eldest) {
          return size() > MAX_TABLES;
        }
      };

  KeptTables(Reservoir reservoir) {
    this.reservoir = reservoir;
  }

  /** The stream's table, if there is one now. */
  Optional<ArchiveTable> find(String stream) {
    ArchiveTable kept;
    synchronized (tables) {
      kept = tables.get(stream);
    }
    if (kept != null && kept.exists()) {
      return Optional.of(kept);
    }
    Optional<ArchiveTable> found = reservoir.find(stream);
    synchronized (tables) {
      found.ifPresentOrElse(table -> tables.put(stream, table), () -> tables.remove(stream));
    }
    return found;
  }
}
