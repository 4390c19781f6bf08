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
import java.util.function.Consumer;

/** Counts what a statement reads of all its live sides together (PROTOCOL 5.5). Thread-safe. */
final class LiveBudget {
  static final String WHAT_TO_DO =
      "Let the archiver catch up, filter on _shard_id, raise live_max_records, live_max_size or"
          + " live_timeout, or ask the archive alone with --live off.";

  private final LiveReadSettings settings;
  private final AtomicLong records;
  private final AtomicLong bytes;
  private final AtomicReference<LiveEstimate> expected;
  private final Consumer<List<StreamRecord>> memory;
  private long ownRecords;
  private long ownBytes;

  LiveBudget(LiveReadSettings settings) {
    this(
        settings,
        new AtomicLong(),
        new AtomicLong(),
        new AtomicReference<>(LiveEstimate.NOTHING),
        kept -> {});
  }

  private LiveBudget(
      LiveReadSettings settings,
      AtomicLong records,
      AtomicLong bytes,
      AtomicReference<LiveEstimate> expected,
      Consumer<List<StreamRecord>> memory) {
    this.settings = settings;
    this.records = records;
    this.bytes = bytes;
    this.expected = expected;
    this.memory = memory;
  }

  /** The same budget for one read, whose records count against this claim, too. */
  LiveBudget on(LiveMemory.Claim claim) {
    return new LiveBudget(settings, records, bytes, expected, claim::take);
  }

  /** That read begins again: what it took is there again. After its claim was released. */
  synchronized void giveBack() {
    records.addAndGet(-ownRecords);
    bytes.addAndGet(-ownBytes);
    ownRecords = 0;
    ownBytes = 0;
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
   * @throws WatershedException {@code limit} when it is used up, or there is no room in memory
   */
  synchronized void spend(List<StreamRecord> batch) {
    memory.accept(batch);
    long size = 0;
    for (StreamRecord record : batch) {
      size += record.payload().length;
    }
    ownRecords += batch.size();
    ownBytes += size;
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
