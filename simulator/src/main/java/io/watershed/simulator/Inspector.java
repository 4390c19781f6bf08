package io.watershed.simulator;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the table after every metadata version that appears: it only ever moves forward, and a
 * shard's records come after its parents' (PROTOCOL 1.2, 2, 3).
 */
final class Inspector {
  private final World world;
  private final SimulatedKinesis kinesis;
  private final Bucket bucket;
  private final ArchiveTable table;
  private final List<String> findings;
  private @Nullable TableState last;
  private @Nullable Instant firstCommitAt;

  Inspector(
      World world,
      SimulatedKinesis kinesis,
      Bucket bucket,
      ArchiveTable table,
      List<String> findings) {
    this.world = world;
    this.kinesis = kinesis;
    this.bucket = bucket;
    this.table = table;
    this.findings = findings;
  }

  /** Looks, if there is anything new. */
  void look() {
    if (!bucket.takeMetadataChanged()) {
      return;
    }
    TableState now;
    try {
      now = table.load();
    } catch (WatershedException e) {
      find("the table cannot be loaded: " + e.getMessage());
      return;
    }
    if (firstCommitAt == null && now.generation() > 0) {
      firstCommitAt = world.now();
    }
    TableState before = last;
    if (before != null) {
      compare(before, now);
    }
    if (before == null || now.generation() != before.generation()) {
      checkLineage(now);
    }
    last = now;
  }

  /** When the archive knew a shard for the first time. */
  Optional<Instant> firstCommitAt() {
    return Optional.ofNullable(firstCommitAt);
  }

  /** Whether the checkpoints cover the record. */
  boolean isArchived(StreamRecord record) {
    TableState now = last;
    if (now == null) {
      return false;
    }
    ShardCheckpoint checkpoint = now.checkpoints().get(record.shard());
    return checkpoint != null && checkpoint.after().covers(record.position());
  }

  /** Whether anything of the shard is archived. */
  boolean isBegun(ShardKey shard) {
    TableState now = last;
    return now != null
        && now.checkpoints().containsKey(shard)
        && now.checkpoints().get(shard).after().lastPosition().isPresent();
  }

  private void compare(TableState before, TableState now) {
    if (!now.tableUuid().equals(before.tableUuid())) {
      find("the table is another one");
    }
    if (now.metadataVersion() < before.metadataVersion()) {
      find("readers went back from v" + before.metadataVersion() + " to v" + now.metadataVersion());
    }
    if (now.generation() < before.generation()) {
      find("the generation went back from " + before.generation() + " to " + now.generation());
    }
    boolean same = now.generation() == before.generation();
    if (same && !now.checkpoints().equals(before.checkpoints())) {
      find("checkpoints changed without generation " + now.generation() + " moving");
    }
    if (now.gaps().size() < before.gaps().size()) {
      find("a gap was forgotten");
    }
    before
        .checkpoints()
        .forEach((key, old) -> compare(old, Optional.ofNullable(now.checkpoints().get(key))));
  }

  private void compare(ShardCheckpoint old, Optional<ShardCheckpoint> now) {
    if (now.isEmpty()) {
      find("the checkpoint of " + old.key() + " vanished");
      return;
    }
    ShardCheckpoint next = now.get();
    boolean back = position(next.after()).compareTo(position(old.after())) < 0;
    boolean reopened = old.after().isEnd() && !next.after().isEnd();
    boolean fewer = next.rows() < old.rows() || next.skipped() < old.skipped();
    boolean earlier =
        old.completeThrough()
            .filter(t -> next.completeThrough().filter(n -> !n.isBefore(t)).isEmpty())
            .isPresent();
    if (back || reopened || fewer || earlier) {
      find("the checkpoint of " + old.key() + " went back from " + old + " to " + next);
    }
  }

  private static String position(After after) {
    return after
        .lastPosition()
        .map(p -> p.sequenceNumber().padded() + "." + p.subSequenceNumber())
        .orElse("");
  }

  private void checkLineage(TableState now) {
    SortedMap<ShardKey, ShardCheckpoint> all = now.checkpoints();
    for (ShardCheckpoint checkpoint : all.values()) {
      Optional<ShardPosition> position = checkpoint.after().lastPosition();
      if (position.isEmpty()) {
        continue;
      }
      for (String parent : checkpoint.shard().parents()) {
        ShardCheckpoint above = all.get(new ShardKey(checkpoint.key().incarnation(), parent));
        if (above != null && !above.after().isEnd() && holdsMore(above)) {
          find("records of " + checkpoint.key() + " are archived before its parent's end");
        }
      }
    }
  }

  /** Whether the shard still has records beyond its checkpoint that could be read. */
  private boolean holdsMore(ShardCheckpoint checkpoint) {
    return kinesis.incarnations().stream()
        .filter(stream -> stream.incarnation().id().equals(checkpoint.key().incarnation()))
        .flatMap(stream -> stream.shard(checkpoint.key().shardId()).stream())
        .flatMap(shard -> shard.records().stream())
        .anyMatch(
            stored ->
                stored.goneAt().isEmpty()
                    && !checkpoint.after().covers(stored.record().position()));
  }

  private void find(String what) {
    world.say("inspector", what);
    findings.add(what);
  }
}
