package io.watershed.query.cut;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a statement reads of all its live sides together (PROTOCOL 5.5). Thread-safe. */
final class LiveBudget {
  private final LiveReadSettings settings;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  LiveBudget(LiveReadSettings settings) {
    this.settings = settings;
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
          "Let the archiver catch up, or ask the archive alone with --live off.");
    }
  }
}
