package io.watershed.query.worker;

/** Why the parent killed a child. */
enum Ending {
  /** it had more memory than it may have */
  MEMORY,
  /** its statement went on after its time */
  TIME,
  /** its statement went on after it was cancelled */
  CANCELLED,
  /** it did not start in time */
  START,
  /** the engine is closed */
  CLOSED
}
