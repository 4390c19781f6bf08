package io.watershed.query.system;

import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Owner;
import io.watershed.reservoir.replays.StoredReplay.Progress;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Every replay plan, and how far its newest run came. */
final class ReplaysTable implements SystemTable {
  private static final int ID_CHARS = 12;

  @Override
  public String columns() {
    return "replay_id VARCHAR, plan_hash VARCHAR, planned_at TIMESTAMPTZ, stream VARCHAR,"
        + " receipt VARCHAR, from_time TIMESTAMPTZ, until_time TIMESTAMPTZ, predicate VARCHAR,"
        + " target VARCHAR, selected_records BIGINT, oversize_records BIGINT,"
        + " selected_bytes BIGINT, state VARCHAR, updated_at TIMESTAMPTZ, runs BIGINT,"
        + " acknowledged_records BIGINT, skipped_records BIGINT, possible_duplicates BIGINT,"
        + " order_violations BIGINT, owners BIGINT, started_by VARCHAR,"
        + " started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, target_arn VARCHAR,"
        + " superseded_records BIGINT";
  }

  @Override
  public void fill(RowWriter rows, SystemSources sources) throws SQLException {
    for (StoredReplay replay : sources.replays()) {
      Optional<Progress> progress = replay.progress();
      List<Owner> owners = replay.ownersOfRun();
      rows.add(
          replay.hash().substring(0, Math.min(ID_CHARS, replay.hash().length())),
          replay.hash(),
          replay.plannedAt(),
          replay.stream(),
          replay.receipt(),
          replay.from(),
          replay.until(),
          replay.where(),
          replay.target(),
          replay.records(),
          replay.oversize(),
          replay.payloadBytes(),
          replay.state(),
          progress.map(Progress::updatedAt),
          replay.run(),
          progress.map(Progress::acknowledged).orElse(0L),
          progress.map(Progress::skipped).orElse(0L),
          progress.map(Progress::possibleDuplicates).orElse(0L),
          progress.map(Progress::orderViolations).orElse(0L),
          (long) owners.size(),
          owners.stream().map(owner -> owner.by().toString()).reduce((a, b) -> b),
          owners.stream().map(Owner::takenAt).findFirst(),
          progress.filter(p -> !replay.state().equals("running")).map(Progress::updatedAt),
          owners.stream().map(Owner::targetArn).filter(arn -> !arn.isEmpty()).reduce((a, b) -> b),
          progress.map(Progress::superseded).orElse(0L));
    }
  }
}
