package io.watershed.archive.encode;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the records whose columns the native writer refuses, by trying: the first so many records
 * with columns and the others without. Bounded: past the bound every record goes without, because
 * an archive with fewer columns is better than one that stops.
 */
final class UnwritableRecords {
  /** Tries of a file: each writes it whole. Ten or so find one record in a thousand. */
  private static final int MAX_TRIES = 64;

  private final int records;
  private final Predicate<BitSet> canWrite;
  private final BitSet untyped = new BitSet();
  private int triesLeft = MAX_TRIES;

  /**
   * @param canWrite whether the file can be written when these records have no columns
   */
  private UnwritableRecords(int records, Predicate<BitSet> canWrite) {
    this.records = records;
    this.canWrite = canWrite;
  }

  /**
   * The records to write without columns; the last try wrote the file so. Empty if the file cannot
   * be written without any columns either.
   */
  static Optional<BitSet> find(int records, Predicate<BitSet> canWrite) {
    return new UnwritableRecords(records, canWrite).find();
  }

  private Optional<BitSet> find() {
    int typed = 0;
    while (triesLeft > 0 && typed < records) {
      // The longest run of records from the first that can be written; the next one cannot.
      typed = longestWritable(typed);
      if (triesLeft <= 0) {
        break;
      }
      untyped.set(typed++);
      if (attempt(records)) {
        return Optional.of(untyped);
      }
    }
    untyped.set(0, records);
    return canWrite.test(untyped) ? Optional.of(untyped) : Optional.empty();
  }

  private int longestWritable(int from) {
    int writable = from;
    int refused = records;
    while (refused - writable > 1 && triesLeft > 0) {
      int middle = (writable + refused) >>> 1;
      if (attempt(middle)) {
        writable = middle;
      } else {
        refused = middle;
      }
    }
    return writable;
  }

  /** Writes the first so many records with columns, but those known to be refused. */
  private boolean attempt(int typed) {
    triesLeft--;
    BitSet without = (BitSet) untyped.clone();
    without.set(typed, records);
    return canWrite.test(without);
  }
}
