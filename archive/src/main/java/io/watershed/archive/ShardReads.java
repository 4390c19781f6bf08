package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.ShardKey;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.ShardReader;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the shards of one session, several at once; {@link MeteredSource} keeps their answers
 * within memory. One step at a time.
 */
final class ShardReads {
  /** Where the answers go. */
  interface Listener {
    void read(ShardFeed feed, ReadBatch batch, Instant askedAt);

    void gap(ShardFeed feed, Gap gap);

    void failed(ShardFeed feed, StreamFailure failure);
  }

  private final ArchiverParts parts;
  private final MeteredSource source;
  private final Steps steps;
  private final Session session;
  private final Listener listener;
  private final Map<ShardKey, ShardReader> readers = new HashMap<>();
  private boolean closed;

  ShardReads(
      ArchiverParts parts, StreamSource source, Steps steps, Session session, Listener listener) {
    this.parts = parts;
    this.source = new MeteredSource(source, steps, parts.memory());
    this.steps = steps;
    this.session = session;
    this.listener = listener;
  }

  /** Asks for one more batch of the shard, as soon as there is room. */
  void request(ShardFeed feed) {
    if (closed) {
      return;
    }
    Instant askedAt = steps.now();
    ShardReader reader = readers.get(feed.key());
    if (reader == null) {
      open(feed, askedAt);
    } else {
      next(feed, reader, askedAt);
    }
  }

  /** Asks again after a pause. */
  void requestLater(ShardFeed feed, Duration pause) {
    steps.later(pause, () -> request(feed));
  }

  /** What is buffered changed: sends the reads for which there is room now. */
  void pump() {
    parts.memory().buffered(session.bufferedBytes());
    source.pump();
  }

  /** Answers that are still to come are let go. */
  void close() {
    closed = true;
    source.stop();
  }

  private void open(ShardFeed feed, Instant askedAt) {
    steps.await(
        ResumingShardReader.open(
            source,
            feed.key(),
            feed.base().after(),
            feed.completeThrough(),
            feed.base().lastArrival(),
            session.retention(),
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
    if (!closed) {
      if (batch != null) {
        listener.read(feed, batch, askedAt);
      } else if (thrown != null) {
        listener.failed(feed, StreamFailure.of(thrown));
      }
      parts.memory().buffered(session.bufferedBytes());
    }
    source.taken(feed.key().shardId());
  }
}
