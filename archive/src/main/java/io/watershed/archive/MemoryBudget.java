package io.watershed.archive;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory that all streams of a process have together for what they read: answers that are under
 * way and records that wait for their commit. Half of it is guaranteed to the streams in equal
 * parts; of the other half a busy stream takes what is free, but not while one that has less waits.
 * Thread-safe.
 */
final class MemoryBudget {
  private final long commonBytes;
  private final long guaranteedBytes;
  private final List<MemoryShare> shares = new ArrayList<>();

  /**
   * @param totalBytes of all streams together
   * @param streams how many will take a share
   */
  MemoryBudget(long totalBytes, int streams) {
    this.guaranteedBytes = Math.max(1, totalBytes / 2 / streams);
    this.commonBytes = totalBytes - guaranteedBytes * streams;
  }

  /**
   * One more stream.
   *
   * @param capBytes the most that it may have
   */
  synchronized MemoryShare share(long capBytes) {
    MemoryShare share = new MemoryShare(this, Math.min(capBytes, guaranteedBytes), capBytes);
    shares.add(share);
    return share;
  }

  /** Whether a share may have so much; called with this locked. */
  boolean grants(MemoryShare asking, long used) {
    if (used <= asking.guaranteedBytes()) {
      return true;
    }
    long borrowed = used - asking.guaranteedBytes();
    for (MemoryShare share : shares) {
      if (share != asking) {
        if (share.isHungry() && share.used() < asking.used()) {
          return false;
        }
        borrowed += Math.max(0, share.used() - share.guaranteedBytes());
      }
    }
    return borrowed <= commonBytes;
  }

  /** Those that wait for memory, the one that has least first. */
  synchronized List<MemoryShare> hungry() {
    return shares.stream()
        .filter(MemoryShare::isHungry)
        .sorted((a, b) -> Long.compare(a.used(), b.used()))
        .toList();
  }

  /** Tells those that wait for memory that there may be some. */
  void freed() {
    hungry().forEach(MemoryShare::tell);
  }
}
