package io.watershed.consumer;

import io.watershed.consumer.ReplayedLog.Delivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A consumer that crashes and reads again from its last checkpoint of the shard. With transactions
 * a crash takes back state and version of the record it struck in, or neither; without them it may
 * come between the two.
 */
final class ReplayedLogConsumer {
  /** Where a crash strikes. */
  enum Crash {
    /** Before the transaction commits: neither state nor version is kept. */
    BEFORE_COMMIT,
    /** After it: both are kept. */
    AFTER_COMMIT,
    /** There is no transaction: the state is kept, the version is not. */
    BETWEEN
  }

  final Map<String, String> state = new TreeMap<>();
  final Map<String, Integer> timesApplied = new HashMap<>();
  private final Map<String, Version> versions = new HashMap<>();
  private boolean crashBeforeRemembering;

  private final LastWriterWins<String> rule =
      new LastWriterWins<>(
          new AppliedVersions<>() {
            @Override
            public Optional<Version> find(String key) {
              return Optional.ofNullable(versions.get(key));
            }

            @Override
            public void remember(String key, Version version) {
              if (crashBeforeRemembering) {
                throw new IllegalStateException("crash");
              }
              versions.put(key, version);
            }
          });

  ReplayedLogConsumer readAll(List<Delivery> deliveries) {
    deliveries.forEach(this::read);
    return this;
  }

  /** Reads up to a record, crashes in it, and goes on some records before it. */
  ReplayedLogConsumer crashAt(List<Delivery> deliveries, int at, int back, Crash crash) {
    readAll(deliveries.subList(0, at));
    Delivery struck = deliveries.get(at);
    switch (crash) {
      case BEFORE_COMMIT -> {}
      case AFTER_COMMIT -> read(struck);
      case BETWEEN -> readHalf(struck);
    }
    return readAll(deliveries.subList(Math.max(0, at - back), deliveries.size()));
  }

  private void readHalf(Delivery delivery) {
    crashBeforeRemembering = true;
    try {
      read(delivery);
    } catch (IllegalStateException e) {
      // the crash
    }
    crashBeforeRemembering = false;
  }

  private void read(Delivery delivery) {
    Version version = delivery.record().version();
    Runnable apply =
        () -> {
          timesApplied.merge(version.text(), 1, Integer::sum);
          ReplayedLog.apply(state, delivery.put());
        };
    if (delivery.put().value() == null) {
      rule.offerDeletion(delivery.key(), version, apply);
    } else {
      rule.offer(delivery.key(), version, apply);
    }
  }

  int mostTimesApplied() {
    return timesApplied.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
