package io.watershed.localkinesis;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

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
    return with(copy -> copy.port = value);
  }

  /** On this address. */
  public LocalKinesisSettings withBindAddress(String value) {
    return with(copy -> copy.bindAddress = value);
  }

  /** With this region and account in ARNs. */
  public LocalKinesisSettings withOwner(String regionValue, String accountValue) {
    return with(
        copy -> {
          copy.region = regionValue;
          copy.accountId = accountValue;
        });
  }

  /** With the per-shard limits on or off. */
  public LocalKinesisSettings withEnforceLimits(boolean value) {
    return with(copy -> copy.enforceLimits = value);
  }

  /** Holding at most this many bytes, and doing this with puts beyond. */
  public LocalKinesisSettings withMaxBytesHeld(long value, WhenFull then) {
    return with(
        copy -> {
          copy.maxBytesHeld = value;
          copy.whenFull = then;
        });
  }

  /** With streams CREATING, UPDATING and DELETING for this long. */
  public LocalKinesisSettings withControlPlaneDelay(Duration value) {
    return with(copy -> copy.controlPlaneDelay = value);
  }

  /** On this clock. */
  public LocalKinesisSettings withClock(Clock value) {
    return with(copy -> copy.clock = value);
  }

  /** With these deviations from a good day. */
  public LocalKinesisSettings withHostility(Hostility value) {
    return with(copy -> copy.hostility = value);
  }

  private LocalKinesisSettings with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.done();
  }

  /** Takes one change, so that no {@code with} method repeats all the others. */
  private static final class Copy {
    private String bindAddress;
    private int port;
    private String region;
    private String accountId;
    private boolean enforceLimits;
    private long maxBytesHeld;
    private WhenFull whenFull;
    private Duration controlPlaneDelay;
    private Clock clock;
    private Hostility hostility;

    Copy(LocalKinesisSettings of) {
      bindAddress = of.bindAddress;
      port = of.port;
      region = of.region;
      accountId = of.accountId;
      enforceLimits = of.enforceLimits;
      maxBytesHeld = of.maxBytesHeld;
      whenFull = of.whenFull;
      controlPlaneDelay = of.controlPlaneDelay;
      clock = of.clock;
      hostility = of.hostility;
    }

    LocalKinesisSettings done() {
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
          hostility);
    }
  }
}
