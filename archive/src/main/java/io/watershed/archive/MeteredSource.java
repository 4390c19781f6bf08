package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings;
import io.watershed.kinesis.ForwardingSource;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A source whose reads wait until their answers have room in memory. Shards take turns. What is
 * reserved for a shard's answer is held until {@link #taken}, when its records count as buffered.
 */
final class MeteredSource extends ForwardingSource {
  /** An answer's body, the records parsed from it, and what is copied on the way. */
  private static final int COPIES = 3;

  /**
   * An answer larger than this gains nothing: with two calls a second it is all that a shard gives.
   */
  private static final long ENOUGH_BYTES = 1 << 20;

  /** A request, its connection and its objects. */
  private static final long REQUEST_BYTES = 32 << 10;

  private final Steps steps;
  private final MemoryShare memory;
  private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
  private final Map<String, Long> reserved = new HashMap<>();
  private final Map<String, ReadSize> sizes = new HashMap<>();
  private boolean closed;

  private record Wanted(
      String shardId, String iterator, int maxRecords, CompletableFuture<ReadBatch> answer) {}

  MeteredSource(StreamSource source, Steps steps, MemoryShare memory) {
    super(source);
    this.steps = steps;
    this.memory = memory;
    memory.whenFreed(() -> steps.run(this::pump));
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    CompletableFuture<ReadBatch> answer = new CompletableFuture<>();
    steps.run(
        () -> {
          // Else readers that need several answers for one batch would wait for each other.
          taken(shardId);
          waiting.addLast(new Wanted(shardId, iterator, maxRecords, answer));
          pump();
        });
    return answer;
  }

  /** Sends the reads for which there is room. */
  void pump() {
    while (!closed && !waiting.isEmpty()) {
      Wanted next = waiting.getFirst();
      ReadSize size = sizes.computeIfAbsent(next.shardId(), id -> new ReadSize(largestAnswer()));
      long bytes = Math.min(size.bytes(), fairAnswer());
      if (!reserve(next.shardId(), bytes * COPIES + REQUEST_BYTES)) {
        return;
      }
      waiting.removeFirst();
      send(next, size, size.records(next.maxRecords(), bytes));
    }
    memory.sated();
  }

  /**
   * Half of the memory for an answer of every shard. Few large ones at a time would leave the
   * others unread meanwhile, so that these had as large ones when their turn comes.
   */
  private long fairAnswer() {
    return Math.max(ENOUGH_BYTES, memory.capBytes() / 2 / COPIES / sizes.size());
  }

  private long largestAnswer() {
    long most = (memory.largestReservation() - REQUEST_BYTES) / COPIES;
    return Math.min(most, ArchiveSettings.MAX_READ_BYTES);
  }

  private boolean reserve(String shardId, long bytes) {
    taken(shardId);
    boolean granted = memory.reserve(bytes);
    if (granted) {
      reserved.put(shardId, bytes);
    }
    return granted;
  }

  private void send(Wanted wanted, ReadSize size, int records) {
    steps.await(
        super.read(wanted.shardId(), wanted.iterator(), records),
        batch -> {
          size.answered(records, batch.records().size(), batch.payloadBytes());
          if (closed) {
            taken(wanted.shardId());
          } else {
            wanted.answer().complete(batch);
          }
        },
        thrown -> {
          taken(wanted.shardId());
          wanted.answer().completeExceptionally(thrown);
        });
  }

  /** The shard's answer is among the buffered records now, or was let go. */
  void taken(String shardId) {
    Long bytes = reserved.remove(shardId);
    if (bytes != null) {
      memory.release(bytes);
    }
  }

  /** Sends nothing more; answers that are under way are let go. */
  void stop() {
    closed = true;
    waiting.clear();
    memory.sated();
  }

  @Override
  public void close() {
    stop();
  }
}
