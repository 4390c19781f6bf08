package io.watershed.archive.verify;

/** How much of each file verify reads. */
public enum VerifyDepth {
  /** Footers only. */
  FOOTERS,
  /** Every row of every file, digested again. */
  ROWS
}
