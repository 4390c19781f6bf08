package io.watershed.localkinesis;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import java.time.Instant;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Kinesis-compatible endpoint. Clients reach it over HTTP/1.1 with any AWS SDK; {@link
 * #access()} says how. The methods here are shortcuts for tests and demos that skip HTTP, limits
 * and hostility. Thread-safe.
 *
 * <p>Signatures are not verified, but a request must carry one. Three access keys have a meaning of
 * their own: {@link #EXPIRED_ACCESS_KEY}, {@link #UNKNOWN_ACCESS_KEY} and {@link
 * #DENIED_ACCESS_KEY}.
 */
public final class LocalKinesis implements AutoCloseable {
  /** Requests with this access key fail with ExpiredTokenException. */
  public static final String EXPIRED_ACCESS_KEY = "EXPIRED";

  /** Requests with this access key fail with UnrecognizedClientException. */
  public static final String UNKNOWN_ACCESS_KEY = "UNKNOWN";

  /** Requests with this access key fail with AccessDeniedException. */
  public static final String DENIED_ACCESS_KEY = "DENIED";

  private static final Logger LOG = LoggerFactory.getLogger(LocalKinesis.class);

  private final Account account;
  private final PutOperations puts;
  private final HttpServer server;

  private LocalKinesis(Account account, PutOperations puts, HttpServer server) {
    this.account = account;
    this.puts = puts;
    this.server = server;
  }

  /**
   * Starts an endpoint.
   *
   * @throws WatershedException {@code unreachable} if the address cannot be bound
   */
  public static LocalKinesis start(LocalKinesisSettings settings) {
    Account account = new Account(settings);
    PutOperations puts = new PutOperations(account);
    HttpServer server =
        HttpServer.start(
            settings.bindAddress(), settings.port(), new RequestHandler(account, puts));
    LocalKinesis kinesis = new LocalKinesis(account, puts, server);
    LOG.info("local Kinesis listens on {}", kinesis.endpoint());
    return kinesis;
  }

  /** Where it listens, such as {@code http://127.0.0.1:4567}. */
  public URI endpoint() {
    String address = account.settings().bindAddress();
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("http://" + host + ":" + server.port());
  }

  /** How clients reach it. */
  public AwsAccess access() {
    return AwsAccess.local(endpoint());
  }

  /**
   * Creates a stream that is ACTIVE at once.
   *
   * @throws WatershedException {@code refused} if there is one of this name
   */
  public void createStream(String name, int shards) {
    directly(
        () ->
            account.create(
                name,
                LocalStream.Mode.PROVISIONED,
                shards,
                StreamOperations.DEFAULT_MAX_RECORD_KIB,
                0));
  }

  /**
   * Puts a record past all limits except the bound on memory.
   *
   * @return the shard that took it and its sequence number
   * @throws WatershedException {@code refused} if there is no such stream, or no room
   */
  public PutReceipt put(String streamName, String partitionKey, byte[] payload) {
    return directly(() -> puts.putDirectly(streamName, partitionKey, payload));
  }

  /**
   * Where a record went.
   *
   * @param shardId the shard
   * @param sequenceNumber decimal, as the service writes it
   */
  public record PutReceipt(String shardId, String sequenceNumber) {}

  /**
   * Trims every record of the stream that was put before this time, as retention would.
   *
   * @return how many records went
   */
  public long expire(String streamName, Instant before) {
    return trim(
        streamName,
        shard -> shard.log().trimWhile(held -> held.storedMillis() < before.toEpochMilli()));
  }

  /**
   * Trims the oldest records of one shard.
   *
   * @param count how many, at most
   * @return how many records went
   */
  public long expireOldest(String streamName, String shardId, long count) {
    return trim(
        streamName, shard -> shard.id().equals(shardId) ? shard.log().trimOldest(count) : 0);
  }

  /**
   * Splits and merges shards until the stream has this many open ones, as UpdateShardCount does.
   *
   * @throws WatershedException {@code refused} if there is no such stream
   */
  public void scaleTo(String streamName, int shards) {
    directly(
        () -> {
          account.stream(streamName).scaleTo(shards, account.nowMillis());
          return shards;
        });
  }

  /** What it has done, and holds. */
  public LocalKinesisCounters counters() {
    return account.locked(() -> account.counters().snapshot(account.held()));
  }

  /** Stops listening and forgets everything. */
  @Override
  public void close() {
    server.close();
  }

  private long trim(String streamName, ToLongFunction<LocalShard> trim) {
    return directly(() -> account.stream(streamName).shards().stream().mapToLong(trim).sum());
  }

  private <T> T directly(java.util.function.Supplier<T> action) {
    try {
      return account.locked(action);
    } catch (ServiceError error) {
      throw new WatershedException(
          ErrorCode.REFUSED, "The local Kinesis endpoint refused: " + error.text(), "", error);
    }
  }
}
