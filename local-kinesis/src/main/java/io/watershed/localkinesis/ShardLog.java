package io.watershed.localkinesis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The records of one shard, by index: the first one ever has index 1, each next one the next index.
 * Trimming takes from the head.
 */
final class ShardLog {
  /** What a record costs besides its payload and partition key, in bytes. */
  static final int OVERHEAD_BYTES = 128;

  private final HeldBytes held;
  private ArrayList<HeldRecord> records = new ArrayList<>();
  // The records before this place in the list are trimmed, and wait to be removed in bulk.
  private int head;
  private long headIndex = 1;

  ShardLog(HeldBytes held) {
    this.held = held;
  }

  /** Appends a record and returns its index. */
  long append(HeldRecord entry) {
    records.add(entry);
    held.add(entry);
    return nextIndex() - 1;
  }

  /** Index of the oldest record that is held; {@link #nextIndex()} if there is none. */
  long firstIndex() {
    return headIndex;
  }

  /** Index that the next record gets. */
  long nextIndex() {
    return headIndex + records.size() - head;
  }

  boolean isEmpty() {
    return head == records.size();
  }

  /** The record at an index from first (inclusive) to next (exclusive). */
  HeldRecord at(long index) {
    return records.get(Math.toIntExact(index - headIndex + head));
  }

  /**
   * Records from an index on: at most {@code limit}, and at most {@code maxBytes} unless the first
   * alone is larger.
   */
  List<HeldRecord> slice(long from, int limit, long maxBytes) {
    List<HeldRecord> slice = new ArrayList<>((int) Math.min(limit, nextIndex() - from));
    long bytes = 0;
    for (long index = from; index < nextIndex() && slice.size() < limit; index++) {
      HeldRecord entry = at(index);
      bytes += entry.size();
      if (bytes > maxBytes && !slice.isEmpty()) {
        break;
      }
      slice.add(entry);
    }
    return slice;
  }

  /** Index of the first record that arrived at this time or later; next index if none did. */
  long firstArrivedFrom(long millis) {
    for (long index = headIndex; index < nextIndex(); index++) {
      if (at(index).arrivalMillis() >= millis) {
        return index;
      }
    }
    return nextIndex();
  }

  /** Trims from the head while the condition holds, and returns how many records went. */
  long trimWhile(Predicate<HeldRecord> expired) {
    long before = headIndex;
    while (head < records.size() && expired.test(records.get(head))) {
      held.remove(records.get(head));
      // The list keeps its size for now; the payload must not stay reachable.
      records.set(head, TRIMMED);
      head++;
      headIndex++;
    }
    removeTrimmed();
    return headIndex - before;
  }

  /** Trims at most this many records from the head, and returns how many went. */
  long trimOldest(long count) {
    long end = Math.min(headIndex + count, nextIndex());
    return trimWhile(entry -> headIndex < end);
  }

  private void removeTrimmed() {
    if (head > 1_000 && head > records.size() / 2) {
      records = new ArrayList<>(records.subList(head, records.size()));
      head = 0;
    }
  }

  private static final HeldRecord TRIMMED = new HeldRecord("", new byte[0], 0, 0);
}
