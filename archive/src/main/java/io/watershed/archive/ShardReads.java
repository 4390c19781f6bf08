package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the shards of one session, several at once, within the bound of bytes in memory: a read
 * starts only when its largest answer fits. Shards take turns. One step at a time.
 */
final class ShardReads {
  /** Where the answers go. */
  interface Listener {
    void read(ShardFeed feed, ReadBatch batch, Instant askedAt);

    void gap(ShardFeed feed, Gap gap);

    void failed(ShardFeed feed, StreamFailure failure);
  }

  private final ArchiverParts parts;
  private final StreamSource source;
  private final Steps steps;
  private final Duration retention;
  private final LongSupplier bufferedBytes;
  private final Listener listener;
  private final Map<ShardKey, ShardReader> readers = new HashMap<>();
  private final ArrayDeque<ShardFeed> waiting = new ArrayDeque<>();
  private long reservedBytes;
  private boolean closed;

  ShardReads(
      ArchiverParts parts,
      StreamSource source,
      Steps steps,
      Duration retention,
      LongSupplier bufferedBytes,
      Listener listener) {
    this.parts = parts;
    this.source = source;
    this.steps = steps;
    this.retention = retention;
    this.bufferedBytes = bufferedBytes;
    this.listener = listener;
  }

  /** Asks for one more batch of the shard, as soon as there is room. */
  void request(ShardFeed feed) {
    waiting.addLast(feed);
    pump();
  }

  /** Asks again after a pause. */
  void requestLater(ShardFeed feed, Duration pause) {
    steps.later(pause, () -> request(feed));
  }

  /** Starts the reads for which there is room now. */
  void pump() {
    while (!closed && !waiting.isEmpty() && hasRoom()) {
      read(waiting.removeFirst());
    }
  }

  /** Answers that are still to come are let go. */
  void close() {
    closed = true;
    waiting.clear();
  }

  private boolean hasRoom() {
    long buffered = bufferedBytes.getAsLong();
    if (reservedBytes == 0) {
      return buffered < parts.bufferBytes();
    }
    return buffered + reservedBytes + ArchiveSettings.MAX_READ_BYTES <= parts.bufferBytes();
  }

  private void read(ShardFeed feed) {
    reservedBytes += ArchiveSettings.MAX_READ_BYTES;
    Instant askedAt = steps.now();
    ShardReader reader = readers.get(feed.key());
    if (reader != null) {
      next(feed, reader, askedAt);
      return;
    }
    steps.await(
        ResumingShardReader.open(
            source,
            feed.key(),
            feed.base().after(),
            feed.completeThrough(),
            feed.base().lastArrival(),
            retention,
            parts.reading(),
            parts.scheduler(),
            parts.random()),
        opened -> {
          readers.put(feed.key(), opened);
          if (!closed) {
            opened.gap().ifPresent(gap -> listener.gap(feed, gap));
          }
          next(feed, opened, askedAt);
        },
        thrown -> answered(feed, null, thrown, askedAt));
  }

  private void next(ShardFeed feed, ShardReader reader, Instant askedAt) {
    steps.await(
        reader.next(),
        batch -> answered(feed, batch, null, askedAt),
        thrown -> answered(feed, null, thrown, askedAt));
  }

  private void answered(
      ShardFeed feed, @Nullable ReadBatch batch, @Nullable Throwable thrown, Instant askedAt) {
    reservedBytes -= ArchiveSettings.MAX_READ_BYTES;
    if (closed) {
      return;
    }
    if (batch != null) {
      listener.read(feed, batch, askedAt);
    } else if (thrown != null) {
      listener.failed(feed, StreamFailure.of(thrown));
    }
  }
}
