package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.Receipt;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pinned scan: the same records however often it is asked. Not thread-safe; the iterators of
 * one scan must not be used at the same time.
 */
public interface RecordScan extends AutoCloseable {
  /** The cut that the scan reads; its id as {@code asOf} opens the same scan again. */
  Receipt receipt();

  /** The shards that the cut holds, in the order in which {@link #records} delivers them. */
  List<ShardKey> shards();

  /** Counts what is delivered, without delivering it. */
  Totals totals();

  /**
   * The selected records, shard by shard, parents before children, each shard in position order
   * (PROTOCOL 6.1), in bounded memory.
   */
  default Iterator<StreamRecord> records() {
    return records(Optional.empty());
  }

  /**
   * As {@link #records()}, going on after the given place of the same order. Errors come from
   * {@code next} and {@code hasNext} as WatershedException.
   */
  default Iterator<StreamRecord> records(Optional<ScanPosition> after) {
    return recordsOf(rows(after));
  }

  /** The records alone. */
  static Iterator<StreamRecord> recordsOf(Iterator<ScannedRecord> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public StreamRecord next() {
        return rows.next().record();
      }
    };
  }

  /** As {@link #records(Optional)}, each with what the scan's expressions give for it. */
  Iterator<ScannedRecord> rows(Optional<ScanPosition> after);

  /**
   * The selected records that are not done yet, in the same order. Of a shard that is not named all
   * are delivered; after a position those that follow it, exactly; after an end none.
   */
  Iterator<StreamRecord> recordsBeyond(Map<ShardKey, After> done);

  /**
   * The selected records that are not done yet, for writing them elsewhere: shards that do not
   * descend from each other alternate, so that their records can go to different shards at the same
   * time. Each shard's records are in position order, after those of its ancestors (PROTOCOL 6.1)
   * and of earlier lives of the stream. How shards alternate may be different in each call. If the
   * scan holds live records, shards come one after the other.
   *
   * @param done as for {@link #recordsBeyond}
   */
  Iterator<ScannedRecord> sideBySide(Map<ShardKey, After> done);

  @Override
  void close();

  /** A place in the order of a scan: this record and everything before it is done. */
  record ScanPosition(ShardKey shard, ShardPosition position) {}

  /**
   * What a scan selects.
   *
   * @param records number of records
   * @param payloadBytes sum of their payloads
   * @param largestPayloadBytes the largest one; 0 if there are none
   */
  record Totals(long records, long payloadBytes, long largestPayloadBytes) {}

  /** What compaction left out; empty if the selection has no {@link RecordSelection#last}. */
  default Optional<Compaction> compaction() {
    return Optional.empty();
  }

  /**
   * Compaction in numbers. What is delivered is {@code keys + withoutKey - droppedKeys}; the other
   * selected records are superseded.
   *
   * @param selected records before compaction
   * @param keys how many keys they have
   * @param withoutKey records whose key is NULL: all are kept
   * @param tombstones keys whose last record deletes them
   * @param droppedKeys of these, the keys that are left out altogether
   */
  record Compaction(long selected, long keys, long withoutKey, long tombstones, long droppedKeys) {
    /** Records that a later one of their key supersedes. */
    public long superseded() {
      return selected - keys - withoutKey;
    }
  }

  /** Where the selected records begin and end; empty if there are none. */
  Optional<Extent> extent();

  /**
   * The extent of what a scan selects.
   *
   * @param firstArrival the earliest arrival
   * @param lastArrival the latest arrival
   * @param firstKey the partition key that sorts first, by its bytes
   * @param lastKey the partition key that sorts last
   */
  record Extent(Instant firstArrival, Instant lastArrival, String firstKey, String lastKey) {}
}
