package io.watershed.query.system;

import io.watershed.reservoir.replays.StoredReplay;
import java.util.List;

/** Where the tables' rows come from; each method is called only for tables that need it. */
public interface SystemSources {
  /** Every known stream. */
  List<ArchiveSource> archives();

  /** Every replay of the reservoir. */
  List<StoredReplay> replays();
}
