package io.watershed.query.system;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.system.ArchiveSource.Archive;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Per shard: how far it is archived. */
final class ShardsTable implements SystemTable {
  @Override
  public String columns() {
    return "stream VARCHAR, incarnation VARCHAR, shard_id VARCHAR, parents VARCHAR[],"
        + " finished BOOLEAN, archived_sequence_number VARCHAR,"
        + " archived_sub_sequence_number BIGINT, complete_through TIMESTAMPTZ,"
        + " archived_records BIGINT, skipped_records BIGINT, digest VARCHAR";
  }

  @Override
  public void fill(RowWriter rows, SystemSources sources) throws SQLException {
    for (ArchiveSource source : sources.archives()) {
      if (source.archive().isPresent()) {
        fill(rows, source.stream(), source.archive().get());
      }
    }
  }

  private static void fill(RowWriter rows, String stream, Archive archive) throws SQLException {
    for (ShardCheckpoint checkpoint : archive.state().checkpoints().values()) {
      Optional<ShardPosition> last = checkpoint.after().lastPosition();
      List<String> parents = List.copyOf(checkpoint.shard().parents());
      rows.add(
          stream,
          checkpoint.key().incarnation(),
          checkpoint.key().shardId(),
          parents.isEmpty() ? null : parents,
          checkpoint.after() instanceof After.End,
          last.map(p -> p.sequenceNumber().decimal()),
          last.map(ShardPosition::subSequenceNumber),
          checkpoint.completeThrough(),
          checkpoint.rows(),
          checkpoint.skipped(),
          checkpoint.digest().hex());
    }
  }
}
