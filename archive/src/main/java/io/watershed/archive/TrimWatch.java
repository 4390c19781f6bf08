package io.watershed.archive;

import io.watershed.core.record.ShardKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether the retention is about to overtake a shard's reader, and says so. One
 * step at a time; used from one opening to the next.
 */
final class TrimWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TrimWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final String stream;
  private final Session session;
  private final Duration lossWithin;
  private final Map<ShardKey, TrimAlarm> alarms = new HashMap<>();
  private Instant next = Instant.MIN;

  /**
   * @param lossWithin an alarm is raised when data would be lost sooner than this, or than half of
   *     the retention
   */
  TrimWatch(String stream, Session session, Duration lossWithin) {
    this.stream = stream;
    this.session = session;
    this.lossWithin = lossWithin;
  }

  void look(Instant now) {
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(PAUSE);
    for (ShardFeed feed : session.feeds()) {
      forecast(feed, now).ifPresent(forecast -> look(feed, forecast, now));
    }
  }

  private void look(ShardFeed feed, TrimForecast forecast, Instant now) {
    Duration half = session.retention().dividedBy(2);
    Duration limit = lossWithin.compareTo(half) < 0 ? lossWithin : half;
    TrimAlarm alarm = alarms.computeIfAbsent(feed.key(), key -> new TrimAlarm());
    String shard = feed.key().shardId();
    switch (alarm.look(forecast, limit, now)) {
      case RAISED, REPEATED -> LOG.warn("{}: {}", stream, forecast.sentence(shard));
      case CLEARED ->
          LOG.info("{}: no loss is near any more; {}", stream, forecast.sentence(shard));
      case NONE -> {}
    }
  }

  /** Where a shard's reader stands; empty if it has nothing more to read, or was not read yet. */
  Optional<TrimForecast> forecast(ShardFeed feed, Instant now) {
    return feed.isDrained() ? Optional.empty() : feed.track().forecast(now, session.retention());
  }

  boolean isRaised(ShardKey shard) {
    TrimAlarm alarm = alarms.get(shard);
    return alarm != null && alarm.isRaised();
  }
}
