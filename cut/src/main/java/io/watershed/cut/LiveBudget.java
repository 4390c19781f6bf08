package io.watershed.cut;

import io.watershed.core.config.DurationText;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what a statement reads of all its live sides together (PROTOCOL 5.5). Thread-safe. */
final class LiveBudget {
  static final String WHAT_TO_DO =
      "Let the archiver catch up, filter on _shard_id, raise live_max_records, live_max_size or"
          + " live_timeout, or ask the archive alone with --live off.";

  private final LiveReadSettings settings;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<LiveEstimate> expected =
      new AtomicReference<>(LiveEstimate.NOTHING);

  LiveBudget(LiveReadSettings settings) {
    this.settings = settings;
  }

  /**
   * Refuses a read that will not end within the bounds, before it is made.
   *
   * @param rest what it comes to, beyond what is spent
   * @throws WatershedException {@code limit}
   */
  void expect(LiveEstimate rest) {
    LiveEstimate ahead = expected.accumulateAndGet(rest, LiveEstimate::beside);
    long allRecords = records.get() + ahead.records();
    long allBytes = bytes.get() + ahead.bytes();
    Duration timeout = settings.timeout();
    if (allRecords > settings.maxRecords()
        || allBytes > settings.maxBytes()
        || rest.time().compareTo(timeout) > 0) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          String.format(
              Locale.ROOT,
              "about %,d records, %,d MiB, are not archived, and reading them takes about %s; the"
                  + " bounds are %,d records, %,d MiB and %s",
              allRecords,
              allBytes >> 20,
              DurationText.format(Duration.ofSeconds(rest.time().toSeconds())),
              settings.maxRecords(),
              settings.maxBytes() >> 20,
              DurationText.format(timeout)),
          WHAT_TO_DO);
    }
  }

  /** What was expected is read, and spent. */
  void settle(LiveEstimate rest) {
    expected.accumulateAndGet(
        rest,
        (all, done) ->
            new LiveEstimate(
                all.records() - done.records(), all.bytes() - done.bytes(), all.time()));
  }

  /**
   * Takes a batch from the budget.
   *
   * @throws WatershedException {@code limit} when it is used up
   */
  void spend(List<StreamRecord> batch) {
    long size = 0;
    for (StreamRecord record : batch) {
      size += record.payload().length;
    }
    long totalRecords = records.addAndGet(batch.size());
    long totalBytes = bytes.addAndGet(size);
    if (totalRecords > settings.maxRecords() || totalBytes > settings.maxBytes()) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "the live side holds more than "
              + settings.maxRecords()
              + " records or "
              + (settings.maxBytes() >> 20)
              + " MiB that are not archived",
          WHAT_TO_DO);
    }
  }
}
