package io.watershed.query.follow;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds how many shards have an answer with records in memory, so that a slow taker bounds the
 * reading. A shard holds its slot from its request until its records are taken; an empty answer
 * gives it back at once. Thread-safe.
 */
final class ReadSlots {
  private final Set<String> holders = new HashSet<>();
  private final Queue<Waiter> waiters = new ArrayDeque<>();
  private final int slots;

  private record Waiter(String shardId, CompletableFuture<Void> turn) {}

  ReadSlots(int slots) {
    this.slots = slots;
  }

  /** Completes when the shard has a slot; at once if it has one already. */
  CompletableFuture<Void> acquire(String shardId) {
    synchronized (this) {
      if (holders.contains(shardId) || holders.size() < slots) {
        holders.add(shardId);
        return CompletableFuture.completedFuture(null);
      }
      Waiter waiter = new Waiter(shardId, new CompletableFuture<>());
      waiters.add(waiter);
      return waiter.turn();
    }
  }

  /** Gives the shard's slot to the next one that waits. */
  void release(String shardId) {
    Waiter next;
    synchronized (this) {
      if (!holders.remove(shardId)) {
        return;
      }
      next = waiters.poll();
      if (next == null) {
        return;
      }
      holders.add(next.shardId());
    }
    next.turn().complete(null);
  }
}
