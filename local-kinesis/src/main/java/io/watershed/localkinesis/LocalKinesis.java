package io.watershed.localkinesis;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import java.time.Instant;

/**
 * A running Kinesis-compatible endpoint. Clients reach it over HTTP/1.1 with any AWS SDK; {@link
 * #access()} says how. The methods here are shortcuts for tests and demos that skip HTTP, limits
 * and hostility. Thread-safe.
 *
 * <p>Signatures are not verified, but a request must carry one. Three access keys have a meaning of
 * their own: {@link #EXPIRED_ACCESS_KEY}, {@link #UNKNOWN_ACCESS_KEY} and {@link
 * #DENIED_ACCESS_KEY}.
 */
@SuppressWarnings("DoNotCallSuggester") // until the bodies land
public final class LocalKinesis implements AutoCloseable {
  /** Requests with this access key fail with ExpiredTokenException. */
  public static final String EXPIRED_ACCESS_KEY = "EXPIRED";

  /** Requests with this access key fail with UnrecognizedClientException. */
  public static final String UNKNOWN_ACCESS_KEY = "UNKNOWN";

  /** Requests with this access key fail with AccessDeniedException. */
  public static final String DENIED_ACCESS_KEY = "DENIED";

  private LocalKinesis() {}

  /**
   * Starts an endpoint.
   *
   * @throws WatershedException {@code unreachable} if the address cannot be bound
   */
  public static LocalKinesis start(LocalKinesisSettings settings) {
    throw new UnsupportedOperationException("not yet: " + settings);
  }

  /** Where it listens, such as {@code http://127.0.0.1:4567}. */
  public URI endpoint() {
    throw new UnsupportedOperationException("not yet");
  }

  /** How clients reach it. */
  public AwsAccess access() {
    return AwsAccess.local(endpoint());
  }

  /** Creates a stream that is ACTIVE at once. */
  public void createStream(String name, int shards) {
    throw new UnsupportedOperationException("not yet: " + name + shards);
  }

  /**
   * Puts a record past all limits.
   *
   * @return the shard that took it and its sequence number
   */
  public PutReceipt put(String streamName, String partitionKey, byte[] payload) {
    throw new UnsupportedOperationException(
        "not yet: " + streamName + partitionKey + payload.length);
  }

  /** Where a record went. */
  public record PutReceipt(String shardId, String sequenceNumber) {}

  /**
   * Trims every record of the stream that arrived before this time, as retention would.
   *
   * @return how many records went
   */
  public long expire(String streamName, Instant before) {
    throw new UnsupportedOperationException("not yet: " + streamName + before);
  }

  /**
   * Trims the oldest records of one shard.
   *
   * @param count how many, at most
   * @return how many records went
   */
  public long expireOldest(String streamName, String shardId, long count) {
    throw new UnsupportedOperationException("not yet: " + streamName + shardId + count);
  }

  /** What it has done, and holds. */
  public LocalKinesisCounters counters() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Stops listening and forgets everything. */
  @Override
  public void close() {}
}
