package io.watershed.query.system;

import io.watershed.core.checkpoint.Gap;
import java.sql.SQLException;

/** Ranges that a stream trimmed before they were archived. */
final class GapsTable implements SystemTable {
  @Override
  public String columns() {
    return "stream VARCHAR, incarnation VARCHAR, shard_id VARCHAR, after_position VARCHAR,"
        + " from_time TIMESTAMPTZ, until_time TIMESTAMPTZ, reason VARCHAR,"
        + " detected_at TIMESTAMPTZ";
  }

  @Override
  public void fill(RowWriter rows, SystemSources sources) throws SQLException {
    for (ArchiveSource source : sources.archives()) {
      for (Gap gap : source.gaps()) {
        rows.add(
            source.stream(),
            gap.shard().incarnation(),
            gap.shard().shardId(),
            gap.afterPosition(),
            gap.from(),
            gap.until(),
            gap.reason(),
            gap.detectedAt());
      }
    }
  }
}
