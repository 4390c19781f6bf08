package io.watershed.kinesis;

import io.watershed.kinesis.WriteItem.State;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The records between the oldest unacknowledged one and the newest accepted, and the rule that
 * keeps each key in order: nothing of a key is sent while something of it is without an
 * acknowledgement (PROTOCOL 6.3). So a request never holds two records of one key, but for those
 * that are packed into one, and no record overtakes one that failed.
 *
 * <p>Pure bookkeeping, for one thread at a time.
 */
final class WriteWindow<T> {
  private final ArrayDeque<WriteItem<T>> window = new ArrayDeque<>();
  private final Map<String, Chain<T>> unacknowledged = new HashMap<>();
  private final ShardLanes<T> lanes;
  private final PriorityQueue<WriteItem<T>> delayed =
      new PriorityQueue<>((a, b) -> Long.signum(a.readyNanos - b.readyNanos));
  private long accepted;
  private long bytes;
  private int inFlight;
  private int pending;

  WriteWindow(ShardLanes<T> lanes) {
    this.lanes = lanes;
  }

  /** The unacknowledged records of a key, oldest first. */
  private static final class Chain<T> {
    private @Nullable WriteItem<T> head;
    private @Nullable WriteItem<T> tail;
    private int size;

    void add(WriteItem<T> item) {
      if (tail == null) {
        head = item;
      } else {
        tail.nextOfKey = item;
      }
      tail = item;
      size++;
    }

    void remove(WriteItem<T> item) {
      if (head != item) {
        throw new IllegalStateException("record " + item.number + " was not the oldest of its key");
      }
      head = item.nextOfKey;
      tail = head == null ? null : tail;
      item.nextOfKey = null;
      size--;
    }
  }

  void accept(PutEntry entry, String key, BigInteger hashKey, T token) {
    WriteItem<T> item = new WriteItem<>(accepted++, entry, key, hashKey, token);
    window.add(item);
    pending++;
    bytes += item.bytes;
    Chain<T> ofKey = unacknowledged.computeIfAbsent(key, k -> new Chain<>());
    ofKey.add(item);
    if (ofKey.size == 1) {
      lanes.add(item);
    }
  }

  /** What to put in one request now; empty if nothing may go. */
  List<Parcel<T>> take(long nowNanos) {
    List<Parcel<T>> request = lanes.take(nowNanos);
    request.forEach(parcel -> inFlight += parcel.items().size());
    return request;
  }

  /** The target has all of it: the next records of its keys may go. */
  void acknowledged(Parcel<T> parcel, PutResult.Written written) {
    for (WriteItem<T> item : parcel.items()) {
      chain(item).remove(item);
      item.written(written);
      bytes -= item.bytes;
      inFlight--;
      pending--;
    }
    for (WriteItem<T> item : parcel.items()) {
      Chain<T> ofKey = unacknowledged.get(item.key);
      WriteItem<T> next = ofKey == null ? null : ofKey.head;
      if (next == null) {
        unacknowledged.remove(item.key);
      } else if (next.state == State.WAITING) {
        lanes.add(next);
      }
    }
  }

  /** It must be sent again, not before this time; the oldest record of each key first. */
  void again(Parcel<T> parcel, long readyNanos) {
    for (WriteItem<T> item : parcel.items()) {
      inFlight--;
      item.state = State.WAITING;
      if (chain(item).head == item) {
        item.state = State.DELAYED;
        item.readyNanos = readyNanos;
        delayed.add(item);
      }
    }
  }

  private Chain<T> chain(WriteItem<T> item) {
    Chain<T> ofKey = unacknowledged.get(item.key);
    if (ofKey == null) {
      throw new IllegalStateException("record " + item.number + " is acknowledged already");
    }
    return ofKey;
  }

  /** Makes ready what has waited long enough; when to look again, if anything still waits. */
  OptionalLong release(long nowNanos) {
    for (WriteItem<T> next = delayed.peek(); next != null; next = delayed.peek()) {
      if (next.readyNanos - nowNanos > 0) {
        return OptionalLong.of(next.readyNanos);
      }
      lanes.add(delayed.remove());
    }
    return OptionalLong.empty();
  }

  /** The oldest records up to the first unacknowledged one, in input order; each only once. */
  List<WriteItem<T>> takeAcknowledged() {
    List<WriteItem<T>> done = new ArrayList<>();
    for (WriteItem<T> next = window.peek();
        next != null && next.isWritten();
        next = window.peek()) {
      done.add(window.remove());
    }
    return done;
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

  /** The part of the unacknowledged records that are of one key: the most frequent one's. */
  double hottestKeyShare() {
    int most = unacknowledged.values().stream().mapToInt(chain -> chain.size).max().orElse(0);
    return pending == 0 ? 0 : (double) most / pending;
  }
}
