package io.watershed.cut;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the live records that all statements of a process hold at a time, whatever their number. A
 * read waits for room before it begins, and for none while it holds some: what finds no more room
 * under way gives back all it has and begins again, so that two reads never wait for each other.
 * Whoever came first is served first. Thread-safe.
 */
public final class LiveMemory {
  /** Objects, references, headers and the position's 64 characters of one record. */
  private static final int RECORD_OVERHEAD_BYTES = 320;

  private static final long HEAP_SHARE = 4;
  private static final String WHAT_TO_DO =
      "Ask again in a moment, filter on _shard_id, let the archiver catch up, give the process more"
          + " heap (WATERSHED_JAVA_OPTS=-Xmx2g), or ask the archive alone with --live off.";

  private final long most;
  private final Deque<Claim> waiting = new ArrayDeque<>();
  private long used;

  /**
   * With a bound.
   *
   * @param most bytes, counted as records take them in memory
   */
  public LiveMemory(long most) {
    this.most = most;
  }

  /** A quarter of the heap. */
  public static LiveMemory ofHeap() {
    return new LiveMemory(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  /** What reads and statements hold now, in bytes. */
  public synchronized long used() {
    return used;
  }

  /** How many reads wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /**
   * Waits until there is room for what a read will presumably hold; the calling thread blocks.
   *
   * @param expected bytes; taken as the bound if it is more
   * @param patience the longest to wait
   * @throws WatershedException {@code limit} when there was no room for so long, {@code cancelled}
   */
  Claim claim(long expected, Duration patience) {
    Claim claim = new Claim(Math.min(expected, most));
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      waiting.add(claim);
      try {
        while (waiting.peekFirst() != claim || claim.reserved > most - used) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            throw noRoom(patience);
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        used += claim.reserved;
        return claim;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WatershedException(
            ErrorCode.CANCELLED, "waiting for room for live records was cancelled", "", e);
      } finally {
        waiting.remove(claim);
        notifyAll();
      }
    }
  }

  private WatershedException noRoom(Duration patience) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "other statements hold the memory for live records, "
            + (most >> 20)
            + " MiB, and none became free within "
            + patience.toSeconds()
            + " s",
        WHAT_TO_DO);
  }

  private WatershedException tooMuch() {
    return new WatershedException(
        ErrorCode.LIMIT,
        "what is not archived takes more memory than the " + (most >> 20) + " MiB for live records",
        WHAT_TO_DO);
  }

  /**
   * What to expect of a read that begins again.
   *
   * @param before its claim, which lacked room
   * @throws WatershedException {@code limit} if it can never get enough
   */
  long forAnother(Claim before) {
    if (before.lacked() > most) {
      throw tooMuch();
    }
    return 2 * before.lacked();
  }

  /** How much these records take. */
  private static long weight(List<StreamRecord> records) {
    long weight = 0;
    for (StreamRecord record : records) {
      weight += RECORD_OVERHEAD_BYTES + record.payload().length + record.partitionKey().length();
    }
    return weight;
  }

  /** What one read holds. Thread-safe. */
  final class Claim {
    private long reserved;
    private long held;
    private long lacked;
    private boolean released;

    private Claim(long reserved) {
      this.reserved = reserved;
    }

    /**
     * Counts records that the read keeps.
     *
     * @throws WatershedException {@code limit} when there is no room for them, or the read was
     *     given up
     */
    void take(List<StreamRecord> records) {
      long weight = weight(records);
      synchronized (LiveMemory.this) {
        long more = held + weight - reserved;
        if (released || more > most - used) {
          lacked = Math.max(lacked, held + weight);
          throw tooMuch();
        }
        held += weight;
        if (more > 0) {
          reserved += more;
          used += more;
        }
      }
    }

    /** Gives back what was expected and did not come. */
    void settle() {
      synchronized (LiveMemory.this) {
        used -= reserved - held;
        reserved = held;
        LiveMemory.this.notifyAll();
      }
    }

    /** What it held when there was no room for more, with what it wanted; 0 if there was. */
    long lacked() {
      synchronized (LiveMemory.this) {
        return lacked;
      }
    }

    /** What it holds. */
    long held() {
      synchronized (LiveMemory.this) {
        return held;
      }
    }

    /** The records are held no longer. May be called again. */
    void release() {
      synchronized (LiveMemory.this) {
        if (!released) {
          released = true;
          used -= reserved;
          LiveMemory.this.notifyAll();
        }
      }
    }
  }
}
