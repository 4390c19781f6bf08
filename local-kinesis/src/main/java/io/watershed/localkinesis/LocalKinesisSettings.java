package io.watershed.localkinesis;

import java.time.Clock;
import java.time.Duration;

/**
 * How a local endpoint behaves.
 *
 * @param bindAddress the address to listen on; loopback by default, since nothing checks signatures
 * @param port the TCP port; 0 takes any free one
 * @param region the region in ARNs
 * @param accountId the 12-digit account in ARNs
 * @param enforceLimits whether the per-shard limits of the real service hold, in time of the clock
 * @param maxBytesHeld the most bytes held in memory over all streams: payloads, partition keys and
 *     {@value ShardLog#OVERHEAD_BYTES} bytes a record
 * @param whenFull what a put beyond {@code maxBytesHeld} does
 * @param controlPlaneDelay how long a stream stays CREATING, UPDATING or DELETING
 * @param clock the time: arrival, expiry of records and iterators, limits
 * @param hostility deviations from a good day
 */
public record LocalKinesisSettings(
    String bindAddress,
    int port,
    String region,
    String accountId,
    boolean enforceLimits,
    long maxBytesHeld,
    WhenFull whenFull,
    Duration controlPlaneDelay,
    Clock clock,
    Hostility hostility) {

  /** 2 GiB. */
  public static final long DEFAULT_MAX_BYTES_HELD = 2L << 30;

  /** Any port on 127.0.0.1, us-east-1, limits on, 2 GiB, system clock, no hostility. */
  public static final LocalKinesisSettings DEFAULTS =
      new LocalKinesisSettings(
          "127.0.0.1",
          0,
          "us-east-1",
          "000000000000",
          true,
          DEFAULT_MAX_BYTES_HELD,
          WhenFull.REFUSE,
          Duration.ZERO,
          Clock.systemUTC(),
          Hostility.NONE);

  public LocalKinesisSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, not " + port);
    }
    if (!accountId.matches("\\d{12}")) {
      throw new IllegalArgumentException("accountId must be 12 digits, not '" + accountId + "'");
    }
    if (maxBytesHeld <= 0 || controlPlaneDelay.isNegative()) {
      throw new IllegalArgumentException(
          "maxBytesHeld must be positive and controlPlaneDelay not negative");
    }
  }

  /** On this port; 0 takes any free one. */
  public LocalKinesisSettings withPort(int value) {
    return new LocalKinesisSettings(
        bindAddress,
        value,
        region,
        accountId,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        clock,
        hostility);
  }

  /** On this address. */
  public LocalKinesisSettings withBindAddress(String value) {
    return new LocalKinesisSettings(
        value,
        port,
        region,
        accountId,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        clock,
        hostility);
  }

  /** With this region and account in ARNs. */
  public LocalKinesisSettings withOwner(String regionValue, String accountValue) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        regionValue,
        accountValue,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        clock,
        hostility);
  }

  /** With the per-shard limits on or off. */
  public LocalKinesisSettings withEnforceLimits(boolean value) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        region,
        accountId,
        value,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        clock,
        hostility);
  }

  /** Holding at most this many bytes, and doing this with puts beyond. */
  public LocalKinesisSettings withMaxBytesHeld(long value, WhenFull then) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        region,
        accountId,
        enforceLimits,
        value,
        then,
        controlPlaneDelay,
        clock,
        hostility);
  }

  /** With streams CREATING, UPDATING and DELETING for this long. */
  public LocalKinesisSettings withControlPlaneDelay(Duration value) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        region,
        accountId,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        value,
        clock,
        hostility);
  }

  /** On this clock. */
  public LocalKinesisSettings withClock(Clock value) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        region,
        accountId,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        value,
        hostility);
  }

  /** With these deviations from a good day. */
  public LocalKinesisSettings withHostility(Hostility value) {
    return new LocalKinesisSettings(
        bindAddress,
        port,
        region,
        accountId,
        enforceLimits,
        maxBytesHeld,
        whenFull,
        controlPlaneDelay,
        clock,
        value);
  }
}
