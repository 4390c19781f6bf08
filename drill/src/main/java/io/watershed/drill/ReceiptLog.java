package io.watershed.drill;

import io.watershed.cut.Receipt;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The receipts of statements that this drillbit planned of late. Thread-safe. */
final class ReceiptLog {
  private static final int MAX_ENTRIES = 1000;

  private final Deque<Entry> entries = new ArrayDeque<>();

  /**
   * A statement that was run.
   *
   * @param time when it began to run
   * @param userName who asked
   * @param receipt of its cut
   * @param notices sentences for the person
   */
  record Entry(Instant time, String userName, Receipt receipt, List<String> notices) {}

  synchronized void note(Entry entry) {
    entries.addFirst(entry);
    if (entries.size() > MAX_ENTRIES) {
      entries.removeLast();
    }
  }

  /** Newest first. */
  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }
}
