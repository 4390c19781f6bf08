package io.watershed.archive;

/** One stream's part of the {@link MemoryBudget}. Thread-safe. */
final class MemoryShare {
  private final MemoryBudget budget;
  private final long guaranteedBytes;
  private final long capBytes;
  private long reserved;
  private long buffered;
  private boolean hungry;
  private boolean closed;
  private Runnable whenFreed = () -> {};

  MemoryShare(MemoryBudget budget, long guaranteedBytes, long capBytes) {
    this.budget = budget;
    this.guaranteedBytes = guaranteedBytes;
    this.capBytes = capBytes;
  }

  /** A share of a budget of its own. */
  static MemoryShare alone(long bytes) {
    return new MemoryBudget(bytes, 1).share(bytes);
  }

  /** What it can have whatever the other streams do. */
  long guaranteedBytes() {
    return guaranteedBytes;
  }

  /** The most that it may have. */
  long capBytes() {
    return capBytes;
  }

  /** The most that may be reserved at once, so that a reader with nothing in hand can go on. */
  long largestReservation() {
    return guaranteedBytes / 2;
  }

  /** What to do when memory came free that was waited for; any thread calls it. */
  void whenFreed(Runnable action) {
    synchronized (budget) {
      whenFreed = action;
    }
  }

  /** Takes memory for an answer, if there is some; else it is waited for. */
  boolean reserve(long bytes) {
    synchronized (budget) {
      long wanted = used() + bytes;
      hungry = !closed && (wanted > capBytes || !budget.grants(this, wanted));
      if (hungry || closed) {
        return false;
      }
      reserved += bytes;
      return true;
    }
  }

  /** An answer came, or will not come: gives back what was reserved for it. */
  void release(long bytes) {
    synchronized (budget) {
      reserved -= closed ? 0 : bytes;
    }
    budget.freed();
  }

  /** So much is read and not committed now. */
  void buffered(long bytes) {
    boolean less;
    synchronized (budget) {
      less = bytes < buffered;
      buffered = closed ? 0 : bytes;
    }
    if (less) {
      budget.freed();
    }
  }

  /** Nothing waits for memory any more. */
  void sated() {
    synchronized (budget) {
      hungry = false;
    }
  }

  /** Gives everything back, for good. */
  void close() {
    synchronized (budget) {
      closed = true;
      hungry = false;
      reserved = 0;
      buffered = 0;
    }
    budget.freed();
  }

  /** Whether a read waits for memory. */
  boolean isHungry() {
    synchronized (budget) {
      return hungry;
    }
  }

  long used() {
    synchronized (budget) {
      return reserved + buffered;
    }
  }

  void tell() {
    Runnable action;
    synchronized (budget) {
      action = whenFreed;
    }
    action.run();
  }
}
