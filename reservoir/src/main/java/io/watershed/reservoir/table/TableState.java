package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;

/**
 * One archive table as one metadata object says (PROTOCOL 3.3): snapshot, checkpoints and schema
 * always belong together.
 *
 * @param stream the stream's name in the reservoir
 * @param tableUuid the table's identity
 * @param metadataVersion N of {@code v<N>.metadata.json}
 * @param snapshotId the current snapshot; empty before the first commit
 * @param snapshotTime when it was committed, by its own summary; EPOCH before the first commit
 * @param generation {@code watershed.generation}, the fence (PROTOCOL 3.2)
 * @param incarnations every incarnation seen, oldest first
 * @param checkpoints per shard, unfinished and finished ones
 * @param gaps every recorded gap, oldest first
 * @param schema the payload columns
 * @param maintenance how often maintenance changed the table: the fence among those who maintain it
 * @param dropped what the archive's retention took out
 */
public record TableState(
    String stream,
    UUID tableUuid,
    long metadataVersion,
    OptionalLong snapshotId,
    Instant snapshotTime,
    long generation,
    List<Incarnation> incarnations,
    SortedMap<ShardKey, ShardCheckpoint> checkpoints,
    List<Gap> gaps,
    PayloadSchema schema,
    long maintenance,
    DroppedDays dropped) {

  /** Of a table that was never maintained. */
  public TableState(
      String stream,
      UUID tableUuid,
      long metadataVersion,
      OptionalLong snapshotId,
      Instant snapshotTime,
      long generation,
      List<Incarnation> incarnations,
      SortedMap<ShardKey, ShardCheckpoint> checkpoints,
      List<Gap> gaps,
      PayloadSchema schema) {
    this(
        stream,
        tableUuid,
        metadataVersion,
        snapshotId,
        snapshotTime,
        generation,
        incarnations,
        checkpoints,
        gaps,
        schema,
        0,
        DroppedDays.NONE);
  }
}
