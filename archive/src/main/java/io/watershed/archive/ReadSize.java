package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings;

/**
 * How much to ask of a shard at once, learned from its answers: GetRecords takes a number of
 * records, and memory is counted in bytes. A shard at its tip gives little and needs little; one
 * that is behind is asked for four times as much each time, up to the bound. One step at a time.
 */
final class ReadSize {
  private static final long SMALLEST = 256 << 10;

  /** A record's size while nothing is known of the shard; most are smaller. */
  private static final double FIRST_GUESS = 4_096;

  private static final int GROWTH = 4;

  /** A large record is remembered for a while. */
  private static final double DECAY = 0.9;

  private final long mostBytes;
  private long bytes;
  private double recordBytes = FIRST_GUESS;
  private boolean known;

  /**
   * @param mostBytes bound of an answer, in bytes
   */
  ReadSize(long mostBytes) {
    this.mostBytes = Math.max(1, Math.min(mostBytes, ArchiveSettings.MAX_READ_BYTES));
    this.bytes = Math.min(SMALLEST, this.mostBytes);
  }

  /** How many bytes the next answer should have at most. */
  long bytes() {
    return bytes;
  }

  /** How many records so many bytes are. */
  int records(int most, long ofBytes) {
    return (int) Math.max(1, Math.min(most, ofBytes / recordBytes));
  }

  /**
   * Learns from an answer.
   *
   * @param asked the number of records that was asked for
   */
  void answered(int asked, int records, long answerBytes) {
    if (records == 0) {
      bytes = Math.min(SMALLEST, mostBytes);
      return;
    }
    double average = Math.max(1, (double) answerBytes / records);
    recordBytes = known ? Math.max(average, recordBytes * DECAY) : average;
    known = true;
    boolean full = records >= asked || answerBytes >= bytes / 2;
    long wanted = Math.max(full ? bytes * GROWTH : 0, answerBytes * 2);
    bytes = Math.min(mostBytes, Math.max(wanted, Math.min(SMALLEST, mostBytes)));
  }
}
