package io.watershed.kinesis;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.stream.Shard;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Read access to one stream: each method is one request (or one paged listing) without retries.
 * Failures complete the future with a {@link StreamFailure}, which says whether to try again; the
 * retry policy is {@link ShardReader}'s. Thread-safe.
 */
public interface StreamSource extends AutoCloseable {
  /** DescribeStreamSummary. */
  CompletableFuture<StreamDescription> describe();

  /** ListShards, all pages: every shard that the service still lists, closed ones included. */
  CompletableFuture<List<Shard>> listShards();

  /** GetShardIterator. The iterator expires after 5 minutes. */
  CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint);

  /**
   * GetRecords.
   *
   * @param shardId the shard that the iterator belongs to
   * @param iterator from {@link #iterator} or from the last batch
   * @param maxRecords 1 to 10,000
   */
  CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords);

  /**
   * How many documents a payload holds. Whoever reads the stream by a {@link ShardReader} gets the
   * records in it, aggregated ones taken apart; {@link #read} gives Kinesis records as they are.
   */
  default Documents documents() {
    return Documents.ONE;
  }

  /**
   * Whether replayed records that come back are kept, marked as copies, instead of counted only
   * (PROTOCOL 6.7). Archiver and live side ask here, so that they agree.
   */
  default boolean keepsReplayed() {
    return false;
  }

  /**
   * Told by an archiver after a commit: it holds the shard's records up to this one no longer. Says
   * nothing to the service; it is for sources that keep records for others.
   */
  default void archived(String shardId, SequenceNumber through) {}

  @Override
  void close();
}
