package io.watershed.cut;

/** Whether a statement reads what is not archived yet from the stream (PROTOCOL 5.5). */
public enum LiveMode {
  /** Read it if the stream can be reached; otherwise answer from the archive and say so. */
  AUTO,
  /** Read it, or fail. */
  REQUIRE,
  /** Answer from the archive alone: the cut ends at the checkpoints. */
  OFF
}
