package io.watershed.query.system;

import io.watershed.core.checkpoint.Gap;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Optional;

/**
 * What the tables say of one stream.
 *
 * @param stream its name in the reservoir, or in the configuration
 * @param archive its archive; empty if nothing was ever archived
 * @param gaps every gap known
 */
public record ArchiveSource(String stream, Optional<Archive> archive, List<Gap> gaps) {
  public ArchiveSource {
    gaps = List.copyOf(gaps);
  }

  /** An archive table and what one of its metadata objects says. */
  public record Archive(ArchiveTable table, TableState state) {}
}
