package io.watershed.kinesis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The records between the oldest unacknowledged one and the newest accepted, and the rule that
 * keeps each key in order: only the oldest unacknowledged record of a key may be sent (PROTOCOL
 * 6.3). So a batch never holds two records of one key, and no record overtakes one that failed.
 *
 * <p>Pure bookkeeping, for one thread at a time.
 */
final class WriteWindow<T> {
  /** One accepted record. */
  static final class Item<T> {
    private final long number;
    private final String key;
    private final T token;
    private final int bytes;
    private @Nullable PutEntry entry;
    private PutResult.@Nullable Written written;
    private int attempts;
    private long firstAttemptNanos;
    private long readyNanos;

    private Item(long number, PutEntry entry, String key, T token) {
      this.number = number;
      this.entry = entry;
      this.key = key;
      this.token = token;
      this.bytes = OrderedWriter.size(entry);
    }

    PutEntry entry() {
      PutEntry present = entry;
      if (present == null) {
        throw new IllegalStateException("record " + number + " is acknowledged already");
      }
      return present;
    }

    PutResult.Written written() {
      PutResult.Written present = written;
      if (present == null) {
        throw new IllegalStateException("record " + number + " is not acknowledged");
      }
      return present;
    }

    T token() {
      return token;
    }

    int bytes() {
      return bytes;
    }

    int attempts() {
      return attempts;
    }

    long firstAttemptNanos() {
      return firstAttemptNanos;
    }
  }

  private final ArrayDeque<Item<T>> window = new ArrayDeque<>();
  private final Map<String, ArrayDeque<Item<T>>> unacknowledged = new HashMap<>();
  private final PriorityQueue<Item<T>> ready =
      new PriorityQueue<>(Comparator.comparingLong(item -> item.number));
  private final PriorityQueue<Item<T>> delayed =
      new PriorityQueue<>((a, b) -> Long.signum(a.readyNanos - b.readyNanos));
  private long accepted;
  private long bytes;
  private int inFlight;
  private int pending;

  void accept(PutEntry entry, String key, T token) {
    Item<T> item = new Item<>(accepted++, entry, key, token);
    window.add(item);
    pending++;
    bytes += item.bytes;
    ArrayDeque<Item<T>> ofKey = unacknowledged.computeIfAbsent(key, k -> new ArrayDeque<>(1));
    ofKey.add(item);
    if (ofKey.size() == 1) {
      ready.add(item);
    }
  }

  /** The oldest records that may be sent now; at least one if any is ready. */
  List<Item<T>> take(int maxRecords, long maxBytes, long nowNanos) {
    List<Item<T>> batch = new ArrayList<>();
    long size = 0;
    for (Item<T> next = ready.peek(); next != null; next = ready.peek()) {
      boolean full = batch.size() >= maxRecords || size + next.bytes > maxBytes;
      if (full && !batch.isEmpty()) {
        break;
      }
      ready.remove();
      size += next.bytes;
      next.firstAttemptNanos = next.attempts == 0 ? nowNanos : next.firstAttemptNanos;
      next.attempts++;
      batch.add(next);
    }
    inFlight += batch.size();
    return batch;
  }

  /** The target has it: the next record of its key may go. */
  void acknowledged(Item<T> item, PutResult.Written written) {
    ArrayDeque<Item<T>> ofKey = unacknowledged.get(item.key);
    if (ofKey == null || ofKey.poll() != item) {
      throw new IllegalStateException("record " + item.number + " was not the oldest of its key");
    }
    if (ofKey.isEmpty()) {
      unacknowledged.remove(item.key);
    } else {
      ready.add(ofKey.element());
    }
    item.written = written;
    item.entry = null;
    bytes -= item.bytes;
    inFlight--;
    pending--;
  }

  /** It must be sent again, not before this time. */
  void again(Item<T> item, long readyNanos) {
    inFlight--;
    item.readyNanos = readyNanos;
    delayed.add(item);
  }

  /** Makes ready what has waited long enough; when to look again, if anything still waits. */
  OptionalLong release(long nowNanos) {
    for (Item<T> next = delayed.peek(); next != null; next = delayed.peek()) {
      if (next.readyNanos - nowNanos > 0) {
        return OptionalLong.of(next.readyNanos);
      }
      ready.add(delayed.remove());
    }
    return OptionalLong.empty();
  }

  /** The oldest records up to the first unacknowledged one, in input order; each only once. */
  List<Item<T>> takeAcknowledged() {
    List<Item<T>> done = new ArrayList<>();
    for (Item<T> next = window.peek(); next != null && next.written != null; next = window.peek()) {
      done.add(window.remove());
    }
    return done;
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  boolean isEmpty() {
    return window.isEmpty();
  }

  long accepted() {
    return accepted;
  }

  int records() {
    return window.size();
  }

  long bytes() {
    return bytes;
  }

  int inFlight() {
    return inFlight;
  }

  /** Records that wait for an earlier one of their key. */
  int blocked() {
    return pending - unacknowledged.size();
  }
}
