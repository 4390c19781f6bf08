package io.watershed.query.system;

import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Owner;
import io.watershed.reservoir.replays.StoredReplay.Place;
import io.watershed.reservoir.replays.StoredReplay.Progress;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Every process that had a run of a replay plan, or changed its state. */
final class ReplayRunsTable implements SystemTable {
  @Override
  public String columns() {
    return "plan_hash VARCHAR, run BIGINT, epoch BIGINT, action VARCHAR, started_by VARCHAR,"
        + " tool_version VARCHAR, started_at TIMESTAMPTZ, updated_at TIMESTAMPTZ,"
        + " state VARCHAR, requested_by VARCHAR, acknowledged_records BIGINT,"
        + " source_incarnation VARCHAR, first_shard_id VARCHAR, first_position VARCHAR,"
        + " through_shard_id VARCHAR, through_position VARCHAR, target_arn VARCHAR,"
        + " target_shards BIGINT";
  }

  @Override
  public void fill(RowWriter rows, SystemSources sources) throws SQLException {
    for (StoredReplay replay : sources.replays()) {
      for (Owner owner : replay.owners()) {
        add(rows, replay, owner);
      }
    }
  }

  private static void add(RowWriter rows, StoredReplay replay, Owner owner) throws SQLException {
    Optional<Progress> last = owner.last();
    Optional<Place> first = last.flatMap(Progress::first);
    Optional<Place> through = last.flatMap(Progress::through);
    rows.add(
        replay.hash(),
        owner.run(),
        owner.epoch(),
        owner.action().toLowerCase(Locale.ROOT),
        owner.by().toString(),
        owner.tool(),
        owner.takenAt(),
        last.map(Progress::updatedAt),
        last.map(progress -> progress.state().toLowerCase(Locale.ROOT)).orElse("running"),
        last.flatMap(Progress::requestedBy).map(Object::toString),
        last.map(Progress::acknowledged),
        first.or(() -> through).map(Place::incarnation),
        first.map(Place::shard),
        first.map(Place::position),
        through.map(Place::shard),
        through.map(Place::position),
        Optional.of(owner.targetArn()).filter(arn -> !arn.isEmpty()),
        last.map(progress -> (long) progress.target().size()));
  }
}
