package io.watershed.core.config;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How records are put into a stream in order.
 *
 * @param maxRecordsPerRequest 1 to 500
 * @param maxBytesPerRequest payloads and partition keys of one request, at most 10 MiB
 * @param maxRequestsInFlight requests without an answer at once
 * @param maxBufferedRecords records between the oldest unacknowledged one and the newest accepted
 * @param maxBufferedBytes payloads held; one record more may be held than this
 * @param quotaShare the part of each target shard's write quota (1,000 records and 1 MB a second)
 *     to use, above 0; infinite for no pace at all
 * @param maxRecordsPerSecond a further bound, if wanted
 * @param maxBytesPerSecond a further bound, if wanted
 * @param describeInterval how often the target's shards are listed again, if nothing else tells
 *     that they have changed
 * @param traffic how to measure what others write, to leave them room; used where the target can be
 *     read
 * @param dense whether records of one shard are packed into aggregated records, as the Kinesis
 *     Producer Library does: for consumers that take them apart
 * @param maxPackBytes the largest aggregated record
 * @param retry per record: throttles, failures and lost answers
 */
public record OrderedWriteSettings(
    int maxRecordsPerRequest,
    int maxBytesPerRequest,
    int maxRequestsInFlight,
    int maxBufferedRecords,
    long maxBufferedBytes,
    double quotaShare,
    OptionalDouble maxRecordsPerSecond,
    OptionalDouble maxBytesPerSecond,
    Duration describeInterval,
    TrafficSettings traffic,
    boolean dense,
    int maxPackBytes,
    RetrySettings retry) {

  /** Half of each shard's quota; 4 requests in flight; 20,000 records or 64 MiB buffered. */
  public static final OrderedWriteSettings DEFAULTS =
      new OrderedWriteSettings(
          500,
          10 << 20,
          4,
          20_000,
          64L << 20,
          0.5,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Duration.ofMinutes(1),
          TrafficSettings.DEFAULTS,
          false,
          256 << 10,
          new RetrySettings(
              200, Duration.ofMinutes(5), Duration.ofMillis(50), Duration.ofSeconds(5)));

  public OrderedWriteSettings {
    if (maxRecordsPerRequest < 1 || maxRecordsPerRequest > 500) {
      throw new IllegalArgumentException("maxRecordsPerRequest " + maxRecordsPerRequest);
    }
    if (maxBytesPerRequest < 1 || maxRequestsInFlight < 1 || maxPackBytes < 1) {
      throw new IllegalArgumentException("a request needs room");
    }
    if (maxBufferedRecords < 1 || maxBufferedBytes < 1) {
      throw new IllegalArgumentException("the buffer needs room");
    }
    if (!(quotaShare > 0)) {
      throw new IllegalArgumentException("quotaShare " + quotaShare);
    }
    if (!(maxRecordsPerSecond.orElse(1) > 0) || !(maxBytesPerSecond.orElse(1) > 0)) {
      throw new IllegalArgumentException("a rate must be above 0");
    }
  }

  /** The same with another share of the target's quota; infinite for no pace at all. */
  public OrderedWriteSettings withQuotaShare(double share) {
    return with(copy -> copy.quotaShare = share);
  }

  /** The same with bounds in records and bytes a second. */
  public OrderedWriteSettings withMaxRate(OptionalDouble records, OptionalDouble bytes) {
    return with(
        copy -> {
          copy.maxRecordsPerSecond = records;
          copy.maxBytesPerSecond = bytes;
        });
  }

  /** The same with other bounds of the buffer. */
  public OrderedWriteSettings withBuffer(int records, long bytes) {
    return with(
        copy -> {
          copy.maxBufferedRecords = records;
          copy.maxBufferedBytes = bytes;
        });
  }

  /** The same, packing records or not. */
  public OrderedWriteSettings withDense(boolean packed) {
    return with(copy -> copy.dense = packed);
  }

  /** The same with other samples of what others write. */
  public OrderedWriteSettings withTraffic(TrafficSettings other) {
    return with(copy -> copy.traffic = other);
  }

  /** The same with another retry bound. */
  public OrderedWriteSettings withRetry(RetrySettings other) {
    return with(copy -> copy.retry = other);
  }

  private OrderedWriteSettings with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.done();
  }

  /** Takes one change, so that no {@code with} method repeats all the others. */
  private static final class Copy {
    private int maxRecordsPerRequest;
    private int maxBytesPerRequest;
    private int maxRequestsInFlight;
    private int maxBufferedRecords;
    private long maxBufferedBytes;
    private double quotaShare;
    private OptionalDouble maxRecordsPerSecond;
    private OptionalDouble maxBytesPerSecond;
    private Duration describeInterval;
    private TrafficSettings traffic;
    private boolean dense;
    private int maxPackBytes;
    private RetrySettings retry;

    Copy(OrderedWriteSettings of) {
      maxRecordsPerRequest = of.maxRecordsPerRequest;
      maxBytesPerRequest = of.maxBytesPerRequest;
      maxRequestsInFlight = of.maxRequestsInFlight;
      maxBufferedRecords = of.maxBufferedRecords;
      maxBufferedBytes = of.maxBufferedBytes;
      quotaShare = of.quotaShare;
      maxRecordsPerSecond = of.maxRecordsPerSecond;
      maxBytesPerSecond = of.maxBytesPerSecond;
      describeInterval = of.describeInterval;
      traffic = of.traffic;
      dense = of.dense;
      maxPackBytes = of.maxPackBytes;
      retry = of.retry;
    }

    OrderedWriteSettings done() {
      return new OrderedWriteSettings(
          maxRecordsPerRequest,
          maxBytesPerRequest,
          maxRequestsInFlight,
          maxBufferedRecords,
          maxBufferedBytes,
          quotaShare,
          maxRecordsPerSecond,
          maxBytesPerSecond,
          describeInterval,
          traffic,
          dense,
          maxPackBytes,
          retry);
    }
  }
}
