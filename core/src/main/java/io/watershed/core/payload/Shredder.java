package io.watershed.core.payload;

/**
 * The pure function from payload bytes to column values (PROTOCOL 4.2), and a note of the paths
 * that had a value but no column. Keeps buffers between payloads: one for each thread.
 */
public interface Shredder {
  /**
   * Shreds one payload. Never throws for what a payload holds.
   *
   * @param payload the bytes; not modified, not kept
   * @return the values; valid until the next call
   */
  PayloadRow shred(byte[] payload);

  /** What was seen without a column since this shredder was made. */
  Observations observations();
}
